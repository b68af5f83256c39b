// registerAgency, deleteAgency and the three lists.

import assert from "node:assert/strict";
import {check} from "../check.mjs";
import {accepted, agency, members, refused} from "./stage.mjs";

const LISTS = {
    getAgenciesList: "id pid code name mail oldCode",
    getAgenciesListQD20: "id code name mail code102",
    getSynchronizeUnit: "id pid code name mail version centerCode deleted modifyDate isAgency",
};

export async function agencies(stage) {
    const {first, second} = stage;
    const branch = agency(`${first.code}.77`, "Chi cục Minh họa", first.code);
    const register = (side, entry) => stage.ask(side, "registerAgency", entry);

    for (const side of [first, second])
        await check(`${side.system.systemId} registers its agency ${side.code}`, async () =>
            accepted(await register(side, agency(side.code, side.organization.name))),
        );
    await check(`${first.system.systemId} registers a branch of its agency`, async () =>
        accepted(await register(first, branch)),
    );
    await check("registering an agency a second time is no error", async () =>
        accepted(await register(first, branch)),
    );
    await check("a system cannot register an agency of another system", async () =>
        refused(await register(second, agency(first.code, "Người lạ"))),
    );
    await check("an agency without a code is refused", async () =>
        refused(await register(first, agency("", "Không mã"))),
    );
    for (const [call, names] of Object.entries(LISTS))
        await check(`${call} names the agencies of both systems with ${names.replaceAll(" ", ", ")}`, () =>
            listsAll(stage, call, names, branch),
        );
    await check("a system cannot delete an agency of another system", async () =>
        refused(await stage.ask(second, "deleteAgency", {AgencyCode: branch.code})),
    );
    await check("a deleted agency is gone from the list", async () => {
        accepted(await stage.ask(first, "deleteAgency", {AgencyCode: branch.code}));
        const reply = await stage.ask(first, "getAgenciesList");
        assert.ok(!reply.data.some(({code}) => code === branch.code));
    });
}

async function listsAll(stage, call, names, branch) {
    const reply = await stage.ask(stage.second, call);
    accepted(reply);
    assert.ok(Array.isArray(reply.data), "data is not a list");
    for (const code of [stage.first.code, branch.code, stage.second.code]) {
        const item = reply.data.find((entry) => entry.code === code);
        assert.ok(item, `${code} is missing`);
        members(item, names);
    }
    assert.equal(reply.data.find(({code}) => code === branch.code).name, branch.name);
}
