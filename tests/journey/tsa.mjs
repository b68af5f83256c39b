// A timestamp authority on loopback around OpenSSL's own:
//
//   node tsa.mjs PKI WORK
//
// PKI is what certs.example/make.sh made. The port is written to WORK/tsa.port. /stamp stamps, /page is a web page, /hang answers
// nothing, /stale gives its first answer again and again; / does what the file WORK/tsa.manner says.

import {execFileSync} from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

const [pki, work] = process.argv.slice(2);
const file = (name) => path.join(work, `tsa.${name}`);
fs.writeFileSync(
    file("cnf"),
    "[tsa]\ndefault_tsa = t\n[t]\n"
        + `serial = ${file("serial")}\ndefault_policy = 1.2.3.4\ndigests = sha256\nsigner_digest = sha256\n`
        + "ess_cert_id_alg = sha256\naccuracy = secs:1\n",
);

function stamp(question) {
    fs.writeFileSync(file("tsq"), question);
    execFileSync(
        "openssl",
        ["ts", "-reply", "-config", file("cnf"), "-queryfile", file("tsq"), "-out", file("tsr")].concat(
            ["-signer", path.join(pki, "tsa.crt"), "-inkey", path.join(pki, "tsa.key")],
            ["-chain", path.join(pki, "ca.crt")],
        ),
        {stdio: "ignore"},
    );
    return fs.readFileSync(file("tsr"));
}

let first;
const manners = {
    stamp: (question, answer) => answer.end(stamp(question)),
    stale: (question, answer) => answer.end((first ??= stamp(question))),
    page: (question, answer) => answer.end("<html>It works!</html>"),
    hang: () => {},
};

const server = http.createServer((request, answer) => {
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
        const manner = request.url === "/" ? fs.readFileSync(file("manner"), "utf8").trim() : request.url.slice(1);
        if (request.headers["content-type"] !== "application/timestamp-query" || !manners[manner])
            return answer.writeHead(415).end();
        answer.setHeader("Content-Type", "application/timestamp-reply");
        manners[manner](Buffer.concat(pieces), answer);
    });
});
server.listen(0, "127.0.0.1", () => fs.writeFileSync(file("port"), `${server.address().port}\n`));
