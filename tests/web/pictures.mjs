// SPDX-License-Identifier: Apache-2.0
//
// pictures.mjs - pictures of each screen for doc/page/, in both themes, of a server that town.py
// fills.
//
//     node pictures.mjs ADDRESS FOLDER
//
// Chromium itself writes WebP, small enough to be kept.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { paths, settled } from "./screens_test.mjs";

const [, , address, folder] = process.argv;
const QUALITY = 50;
const NARROW = new Set(["now", "incident"]);

const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "pictures-")), {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu"],
});
const page = await context.newPage();
const session = await context.newCDPSession(page);

async function picture(name) {
    await settled(page);
    await page.waitForTimeout(400);
    const { data } = await session.send("Page.captureScreenshot", {
        format: "webp",
        quality: QUALITY,
    });
    writeFileSync(join(folder, `${name}.webp`), Buffer.from(data, "base64"));
}

mkdirSync(folder, { recursive: true });
for (const [name, path] of Object.entries(await paths(page, address))) {
    if (name === "lost") continue;
    for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(address + path);
        await picture(`${name}-${colorScheme}`);
        if (!NARROW.has(name)) continue;
        await page.setViewportSize({ width: 390, height: 844 });
        await picture(`${name}-phone-${colorScheme}`);
    }
}
for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(address);
    await page.locator(".card").first().waitFor();
    await page.keyboard.press("e");
    await page.getByText(/would have hidden/).waitFor();
    await picture(`verdict-${colorScheme}`);
}
await context.close();
