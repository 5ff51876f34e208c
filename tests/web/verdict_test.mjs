// SPDX-License-Identifier: Apache-2.0
//
// verdict_test.mjs - from odd to done: by mouse, and by keyboard alone; what was said is undone.
import assert from "node:assert";

const verdicts = async ({ page, address }) =>
    (await (await page.request.get(`${address}/api/v1/verdicts`)).json()).items;

const odd = (page) => page.locator(".cards .card");

// What was said is learnt a moment after it is durable.
async function count(world, number) {
    for (let turn = 0; turn < 50; turn++) {
        const said = await verdicts(world);
        if (said.length === number) return said;
        await world.page.waitForTimeout(100);
    }
    throw new Error(`there are not ${number} verdicts`);
}

export const tests = {
    async from_odd_to_a_verdict_by_mouse(world) {
        const { page, address } = world;
        await page.goto(address);
        await odd(page).filter({ hasText: "disk sda" }).getByRole("link").click();
        await page.getByRole("heading", { name: /disk sda on db-1/ }).waitFor();
        await page
            .getByRole("group", { name: "What was it?" })
            .getByRole("button", { name: /Expected/ })
            .click();
        await page
            .getByText(/It would have hidden 1 of \d+ findings of the last 30 days, 0 that/)
            .waitFor();
        await page.getByLabel("Why").fill("the nightly backup");
        await page.getByRole("button", { name: "Say it" }).click();
        await page.getByText("Expected. It holds back 1 of").waitFor();
        const [said] = await count(world, 1);
        assert.equal(said.verdict, "expected");
        assert.equal(said.reason, "the nightly backup");
        await page.locator(".title .state-expected").waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByText("Undone").waitFor();
        await count(world, 0);
        await page.locator(".title .state-expected").waitFor({ state: "detached" });
    },

    async from_odd_to_a_verdict_by_keyboard_alone(world) {
        const { page, address } = world;
        await page.goto(address);
        await odd(page).first().waitFor();
        await page.keyboard.press("j");
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: /disk sda on db-1/ }).waitFor();
        await page.keyboard.press("r");
        await page.getByText("nothing is hidden by it").waitFor();
        await page.keyboard.press("Enter");
        await page.getByText("Real. It is said of 1 finding").waitFor();
        assert.equal((await count(world, 1))[0].verdict, "real");
        await page.getByRole("button", { name: "Undo" }).focus();
        await page.keyboard.press("Enter");
        await page.getByText("Undone").waitFor();
        await count(world, 0);
    },

    async each_verdict_has_its_key_and_is_tried_before_it_is_said({ page, address }) {
        await page.goto(address);
        await odd(page).first().waitFor();
        for (const [key, name] of [
            ["e", "expected"],
            ["u", "unsure"],
            ["m", "mute"],
        ]) {
            await page.keyboard.press(key);
            assert(await page.locator(`dialog input[value=${name}]`).isChecked(), name);
            await page.getByText(/findings? of the last 30 days|nothing is hidden/).waitFor();
            await page.keyboard.press("Escape");
            await page.locator("dialog").waitFor({ state: "detached" });
        }
    },
};
