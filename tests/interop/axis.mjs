// A command line for any system of systems.tsv, speaking as the published Java SDK does. Prints JSON.

import fs from "node:fs";
import path from "node:path";
import {parseArgs} from "node:util";
import {connect, readSystems} from "./systems.mjs";

const USAGE = `usage: node tests/interop/axis.mjs --systems FILE.tsv --system SYSTEMID COMMAND

  register-agency [CODE [--name NAME] [--parent CODE] [--mail MAIL]]   without CODE: each code of systems.tsv
  delete-agency CODE
  agencies
  send FILE --from CODE [--to CODE,CODE] [--type edoc|status]
  received [--type edoc|status] [--from-date DATE] [--to-date DATE]
  get DOCID -o FILE
  download DOCID -o FILE
  update-status DOCID initial|processing|done|fail
  sent DOCID [--type edoc|status]
  count

Example: node tests/interop/axis.mjs --systems .demo/systems.tsv --system 00.99.W00 received --type edoc
Exit codes: 0 the answer is OK, 1 it is FAIL, 64 usage, 69 no answer.`;

const OPTIONS = {
    systems: {type: "string"},
    system: {type: "string"},
    help: {type: "boolean"},
    from: {type: "string"},
    to: {type: "string"},
    type: {type: "string", default: "edoc"},
    "from-date": {type: "string"},
    "to-date": {type: "string"},
    output: {type: "string", short: "o"},
    name: {type: "string"},
    parent: {type: "string"},
    mail: {type: "string"},
};

const COMMANDS = {
    "register-agency": {operands: [0, 1], run: registerAgency},
    "delete-agency": {
        operands: [1, 1],
        run: (service, options, [code]) => service.deleteAgency({AgencyCode: code}),
    },
    agencies: {operands: [0, 0], run: (service) => service.getAgenciesList()},
    send: {operands: [1, 1], needs: ["from"], run: send},
    received: {operands: [0, 0], run: received},
    get: {operands: [1, 1], needs: ["output"], run: get},
    download: {operands: [1, 1], needs: ["output"], run: download},
    "update-status": {
        operands: [2, 2],
        run: (service, options, [docId, status]) => service.updateStatus({docId, status}),
    },
    sent: {
        operands: [1, 1],
        run: (service, {type}, [docId]) => service.getSentEdocList({...kind(type), docId}),
    },
    count: {operands: [0, 0], run: count},
};

function kind(type) {
    return {servicetype: "eDoc", messagetype: type};
}

async function registerAgency(service, {name, parent, mail}, [code], system) {
    const codes = code ? [code] : system.agencies;
    let reply;
    for (const each of codes) {
        const agency = {
            id: "",
            pcode: parent ?? "",
            code: each,
            name: name ?? each,
            mail: mail ?? "",
            mobile: "",
            fax: "",
        };
        reply = await service.registerAgency(agency);
        if (reply.status !== "OK") return {...reply, code: each};
    }
    return {...reply, codes};
}

function send(service, {from, to, type}, [file]) {
    const routed = to ? {to: JSON.stringify(to.split(","))} : {};
    return service.sendEdoc({from, ...kind(type), ...routed}, fs.readFileSync(file));
}

function received(service, options) {
    const {type, "from-date": fromDate, "to-date": toDate} = options;
    return service.getReceivedEdocList({...kind(type), ...(fromDate && {fromDate}), ...(toDate && {toDate})});
}

async function get(service, {output}, [docId]) {
    const {data, file, stored, ...reply} = await service.getEdoc({docId});
    return keep(reply, file, output);
}

async function download(service, {output}, [docId]) {
    const {file, stored, ...reply} = await service.downloadEdoc({docId});
    return keep(reply, file, output);
}

function keep(reply, file, output) {
    if (!file) return reply;
    fs.mkdirSync(path.dirname(path.resolve(output)), {recursive: true});
    fs.writeFileSync(output, file);
    return {...reply, file: output, size: file.length};
}

async function count(service) {
    const edoc = await service.countReceiveEdoc();
    const status = await service.countReceiveStatus();
    return {status: edoc.status, edoc: edoc.count, statuses: status.count};
}

function usage(message) {
    console.error(message ? `${message}\n\n${USAGE}` : USAGE);
    process.exit(64);
}

function readArguments() {
    try {
        return parseArgs({options: OPTIONS, allowPositionals: true});
    } catch (error) {
        return usage(error.message);
    }
}

async function main() {
    const {
        values: options,
        positionals: [name, ...operands],
    } = readArguments();
    if (options.help) {
        console.log(USAGE);
        return 0;
    }
    const command = COMMANDS[name] ?? usage(name ? `There is no command ${name}.` : "Say what to do.");
    const [least, most] = command.operands;
    if (operands.length < least || operands.length > most)
        usage(`${name} takes ${least === most ? least : `${least} to ${most}`} operands.`);
    for (const needed of ["systems", "system", ...(command.needs ?? [])])
        if (!options[needed]) usage(`--${needed} is missing.`);
    const system =
        readSystems(options.systems).find(({systemId}) => systemId === options.system)
        ?? usage(`${options.systems} has no system ${options.system}.`);
    const service = connect(system);
    const reply = await command.run(service, options, operands, system);
    service.close();
    console.log(JSON.stringify(reply));
    if (reply === null || reply.status === null || reply.ErrorCode === "100") return 69;
    return reply.status === "FAIL" ? 1 : 0;
}

process.exitCode = await main();
