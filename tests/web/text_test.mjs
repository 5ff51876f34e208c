// SPDX-License-Identifier: Apache-2.0
//
// text_test.mjs - lines that would like to be more than text: shown, and harmless, on every screen.
import assert from "node:assert";

async function harmless(page) {
    assert(!(await page.title()).includes("owned"));
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script").count(), 1);
    assert(!/[\u001b\u202e]/.test(await page.locator("body").innerText()));
}

export const tests = {
    async hostile_text_is_shown_harmlessly_everywhere({ page, address }) {
        const { items } = await (await page.request.get(`${address}/api/v1/findings`)).json();
        const finding = items.find(({ source }) => source === "guests");
        for (const path of [
            "/",
            `/i/${finding.incident}`,
            `/f/${finding.id}`,
            "/patterns",
            "/signals",
            "/questions",
            "/rules",
            "/sql?q=SELECT text FROM logs WHERE level = 'error' AND source = 'guests'",
        ]) {
            await page.goto(address + path);
            await page.locator(".control").first().waitFor();
            await harmless(page);
        }
        await page.goto(`${address}/f/${finding.id}`);
        await page.locator("pre.sample .control", { hasText: "ESC" }).first().waitFor();
        await page.locator("pre.sample .control", { hasText: "U+202E" }).first().waitFor();
        await page.keyboard.press("e");
        await page.locator("dialog").waitFor();
        await harmless(page);
        await page.keyboard.press("Escape");
        await page.keyboard.press("Control+k");
        await page.keyboard.type("guest");
        await page.getByRole("option").filter({ hasText: "guest said" }).waitFor();
        await harmless(page);
    },
};
