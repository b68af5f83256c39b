#include "tests/check.h"

#include "tests/trust_world.h"

#include "base/xml.h"

struct trust_world world;

int trust_world_make(void **state)
{
    (void)state;
    xml_init();
    scratch_make("trust_world", world.directory);
    pki_make(&(struct pki_wish){.name = "Gốc", .ca = true, .key_usage = "keyCertSign,cRLSign"}, &world.root);
    pki_make(
        &(struct pki_wish){.name = "Nguyễn Văn Mẫu", .issuer = &world.root, .key_usage = "nonRepudiation"},
        &world.leader);
    pki_make(
        &(struct pki_wish){
            .name = "Con dấu", .issuer = &world.root, .key = "p256", .key_usage = "digitalSignature"},
        &world.agency);
    pki_make(&(struct pki_wish){.name = "Dấu thời gian",
                                .issuer = &world.root,
                                .key_usage = "digitalSignature",
                                .purpose = "critical,timeStamping"},
             &world.authority);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    return 0;
}

int trust_world_end(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    trust_free(&world.trust);
    pki_clear(&world.root);
    pki_clear(&world.leader);
    pki_clear(&world.agency);
    pki_clear(&world.authority);
    return 0;
}
