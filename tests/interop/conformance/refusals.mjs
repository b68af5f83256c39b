// What is refused: senders and receivers nobody knows, files that are no package, state secrets. Nothing
// arrives.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import {check} from "../check.mjs";
import {status} from "../edxml.mjs";
import {statusAbout} from "../invented.mjs";
import {connect} from "../systems.mjs";
import {EDOC, STATUS, pause, refused} from "./stage.mjs";

const UNKNOWN = {id: "H99.00.99", name: "Cơ quan không có thật"};
const CROWD = Array.from({length: 300}, (_, index) => `H99.00.${String(index).padStart(3, "0")}`);
const SECRECY = ["MẬT", "TỐI MẬT", "TUYỆT MẬT"]; // Law on the protection of state secrets 2018, article 8

export async function refusals(stage) {
    await senders(stage);
    await receivers(stage);
    await files(stage);
    await kinds(stage);
    await secrets(stage);
    await documents(stage);
}

/** Whatever `send` sends is refused with one of these codes and does not arrive. */
function refusal(stage, sentence, codes, send) {
    return check(sentence, () =>
        stage.nothingArrives(async () => {
            const reply = await send();
            refused(reply, ...codes);
            return reply;
        }),
    );
}

async function senders(stage) {
    const {second} = stage;
    const foreign = () => stage.send(stage.package({from: second.organization}), {from: second.code});
    const reply = await refusal(
        stage,
        "an agency of another system as sender is refused with 19",
        ["19"],
        foreign,
    );
    await check("it is said in the axis's own words: which agency, and which are registered", () => {
        const said = /Don vi gui (\S+) khong dung voi ma da dang ky: (.+)/.exec(reply?.ErrorDesc);
        assert.ok(said, reply?.ErrorDesc);
        assert.equal(said[1], second.code);
        assert.ok(said[2].includes(stage.first.code), `${said[2]} does not name ${stage.first.code}`);
    });
    await refusal(stage, "a sender that nobody registered is refused with 19", ["19"], () =>
        stage.send(stage.package({from: UNKNOWN}), {from: UNKNOWN.id}),
    );
    await refusal(
        stage,
        "a package whose From is another than the header's from is refused",
        ["19", "22"],
        () => stage.send(stage.package({from: second.organization})),
    );
    await refusal(stage, "a sendEdoc without from is refused", [], () =>
        stage.ask(stage.first, "sendEdoc", EDOC, stage.package()),
    );
}

async function receivers(stage) {
    const {second} = stage;
    const toUnknown = () => stage.package({to: [UNKNOWN]});
    const crowd = CROWD.map((id) => ({...UNKNOWN, id}));

    const reply = await refusal(stage, "an unknown receiver in the package is refused with 18", ["18"], () =>
        stage.send(toUnknown()),
    );
    await check("the refusal names the unknown receiver", () =>
        assert.ok(reply?.ErrorDesc.includes(UNKNOWN.id)),
    );
    await refusal(stage, "an unknown receiver in the header to is refused with 18", ["18"], () =>
        stage.send(toUnknown(), {to: JSON.stringify([UNKNOWN.id])}),
    );
    await refusal(stage, "a header to with three hundred codes is read: nobody knows them, 18", ["18"], () =>
        stage.send(stage.package({to: crowd}), {to: JSON.stringify(CROWD)}),
    );
    await refusal(stage, "a header to that is no JSON list is refused", [], () =>
        stage.send(stage.package(), {to: `[${second.code}`}),
    );
    await refusal(stage, "a package that names one receiver twice is refused with 22", ["22"], () =>
        stage.send(stage.package({to: [second.organization, second.organization]})),
    );
    await refusal(stage, "a package without any receiver is refused", ["18", "22"], () =>
        stage.send(stage.package({to: []})),
    );
    await refusal(
        stage,
        "a status message about a document of an unknown agency is refused with 18",
        ["18"],
        () => {
            const message = statusAbout(stage.document(), {
                from: second.organization,
                code: "03",
                to: UNKNOWN.id,
            });
            return stage.ask(
                second,
                "sendEdoc",
                {from: second.code, ...STATUS},
                Buffer.from(status(message)),
            );
        },
    );
}

async function files(stage) {
    const rows = [
        ["random bytes", ["10", "22"], () => crypto.randomBytes(2000)],
        ["a PDF in place of a package", ["10", "22"], () => stage.document().attachments[0].bytes],
        ["an empty body", ["10", "22"], () => Buffer.alloc(0)],
        ["XML that is not edXML", ["10", "22"], () => Buffer.from('<?xml version="1.0"?><hello/>')],
        ["a package cut in the middle", ["10", "22"], () => stage.package().subarray(0, 3000)],
        ["a package without Subject", ["22"], () => without(stage.package(), "Subject")],
        ["a package without CodeNumber", ["22"], () => without(stage.package(), "CodeNumber")],
        ["a package without PromulgationDate", ["22"], () => without(stage.package(), "PromulgationDate")],
        ["a package without its sender's OrganId", ["22"], () => without(stage.package(), "OrganId")],
        [
            "a package in a namespace that no hub takes",
            ["22"],
            () => inNamespace(stage.package(), "http://www.go.vn/eDoc"),
        ],
    ];
    for (const [what, codes, make] of rows)
        await refusal(stage, `${what} is refused with ${codes.join(" or ")}`, codes, () =>
            stage.send(make()),
        );
    await refusal(stage, "a package whose hash-file is another's is refused with 10", ["10"], () => {
        const other = (request) => ({...request, body: stage.package()});
        return stage.tampered(
            stage.first,
            "sendEdoc",
            {from: stage.first.code, ...EDOC},
            other,
            stage.package(),
        );
    });
}

async function kinds(stage) {
    const {first, second} = stage;
    await refusal(stage, "a document sent as a status message is refused", [], () =>
        stage.send(stage.package(), STATUS),
    );
    await refusal(stage, "a status message sent as a document is refused", [], () => {
        const message = statusAbout(stage.document(), {
            from: first.organization,
            code: "03",
            to: second.code,
        });
        return stage.send(Buffer.from(status(message)));
    });
    await check("a package whose second half never comes is stored nowhere", () =>
        stage.nothingArrives(async () => {
            const service = connect(first.system);
            const request = service.compose("sendEdoc", {from: first.code, ...EDOC}, stage.package());
            await service.abandon(request, request.body.length >> 1);
            await pause(1000);
        }),
    );
}

async function secrets(stage) {
    for (const word of SECRECY) {
        const other = {...stage.document().other, sphere: word};
        await refusal(stage, `a document whose sphere of promulgation is ${word} is refused`, [], () =>
            stage.send(stage.package({other})),
        );
        await refusal(stage, `a document whose subject is marked (${word}) is refused`, [], () =>
            stage.send(stage.package({subject: `(${word}) Kế hoạch diễn tập thử nghiệm`})),
        );
    }
    await check("a document about an toàn, bảo mật thông tin is no state secret", async () => {
        const subject = "V/v bảo đảm an toàn, bảo mật thông tin và phòng chống lộ, lọt bí mật nhà nước";
        const {receiverDocId} = await stage.deliver(stage.package({subject}));
        await stage.settle(receiverDocId);
    });
}

async function documents(stage) {
    const {second} = stage;
    for (const docId of ["khong-co", "0", "../../etc/passwd", "1' OR '1'='1", "9".repeat(400)])
        await check(
            `the docId ${docId.slice(0, 20)}, which nobody has, is refused by every call`,
            async () => {
                refused(await stage.ask(second, "getEdoc", {docId}));
                refused(await stage.ask(second, "downloadEdoc", {docId}));
                refused(await stage.ask(second, "updateStatus", {docId, status: "done"}));
                const sent = await stage.ask(second, "getSentEdocList", {...EDOC, docId});
                assert.ok(sent.status === "FAIL" || sent.data.length === 0);
            },
        );
    await check("a transport status that does not exist is refused and changes nothing", async () => {
        const {receiverDocId: docId} = await stage.deliver();
        for (const word of ["finished", "03", ""])
            refused(await stage.ask(second, "updateStatus", {docId, status: word}));
        assert.ok((await stage.ids(second)).includes(docId));
        await stage.settle(docId);
    });
    await check("fail says that the receiver could not process it: the sender sees it", async () => {
        const {docId, receiverDocId} = await stage.deliver();
        await stage.settle(receiverDocId, "fail");
        const [row] = await stage.deliveries(docId);
        assert.equal(row.receiveStatus, "fail");
    });
}

/** The package without the first element of this name. */
function without(file, name) {
    const element = new RegExp(`\\s*<edXML:${name}>[^<]*</edXML:${name}>`);
    const text = file.toString("utf8");
    assert.match(text, element);
    return Buffer.from(text.replace(element, ""));
}

function inNamespace(file, namespace) {
    return Buffer.from(
        file.toString("utf8").replaceAll("http://www.mic.gov.vn/TBT/QCVN_102_2016", namespace),
    );
}
