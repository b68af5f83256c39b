/* The program of the tests of hsm/: all it can do is be a keeper, as `vanthu keeper` can. */
#include <string.h>

#include "hsm/keeper.h"

int main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], "keeper") != 0)
        return KEEPER_USAGE;
    return keeper_command(argc - 1, argv + 1);
}
