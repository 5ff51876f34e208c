// SPDX-License-Identifier: Apache-2.0
//
// restart_test.mjs - the server goes and comes while the page is open; news come by themselves.
import assert from "node:assert";

async function alert(page, address, name) {
    await page.request.post(`${address}/api/v2/alerts`, {
        data: [
            {
                labels: { alertname: name, instance: name, service: name },
                annotations: { summary: `${name} of the desk` },
                startsAt: new Date().toISOString(),
            },
        ],
    });
}

export const tests = {
    async a_finding_shows_by_itself({ page, address }) {
        await page.goto(address);
        await page.locator("[data-live=live]").waitFor();
        await page.locator(".card").first().waitFor();
        await alert(page, address, "DeskOnFire");
        await page.locator(".card", { hasText: "DeskOnFire of the desk" }).waitFor();
    },

    async a_restart_is_survived_and_said({ page, address, wish }) {
        await page.goto(address);
        await page.locator("[data-live=live]").waitFor();
        const before = await page.locator(".card").count();
        await wish({ do: "stop" });
        await page
            .getByText("The server does not answer. What you see is the last that it told")
            .waitFor();
        assert.equal(await page.locator(".card").count(), before);
        await wish({ do: "start" });
        await page.locator("[data-live=live]").waitFor({ timeout: 15000 });
        await page.getByText("The server does not answer. What").waitFor({ state: "detached" });
        await page.getByText("The server was started again").waitFor();
        await alert(page, address, "BackAgain");
        await page.locator(".card", { hasText: "BackAgain of the desk" }).waitFor();
    },
};
