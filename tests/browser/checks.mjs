// How a check is said and counted: every one is a sentence that is true or not, printed as it is decided.

let broken = 0;
let held = 0;

export function check(holds, sentence, instead) {
    if (holds) {
        held += 1;
        console.log(`ok      ${sentence}`);
        return;
    }
    broken += 1;
    console.log(`BROKEN  ${sentence}${instead === undefined ? '' : `\n        instead: ${shown(instead)}`}`);
}

export function checkEqual(found, wanted, sentence) {
    check(JSON.stringify(found) === JSON.stringify(wanted), sentence, found);
}

// A part of the walk that falls over is one broken check; the walk goes on.
export async function part(name, walk) {
    console.log(`\n${name}`);
    try {
        await walk();
    } catch (error) {
        check(false, `${name}: walked to its end`, error.message.split('\n').slice(0, 6).join(' '));
    }
}

export function summary() {
    console.log(`\n${held} checks hold, ${broken} are broken`);
    return broken === 0 && held > 0 ? 0 : 1;
}

function shown(value) {
    return typeof value === 'string' ? value : JSON.stringify(value);
}
