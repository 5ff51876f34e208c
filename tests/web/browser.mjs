// SPDX-License-Identifier: Apache-2.0
//
// browser.mjs - starts Chromium and runs what the tests are: files *_test.mjs, each test with a
// page of its own.
//
//     node browser.mjs ADDRESS FOLDER [WORD]
//
// Each sentence is a line of JSON on stdout; {"do":..} is a wish, and its answer comes on stdin.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [, , address, folder, word = ""] = process.argv;
const FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
const WAIT_MS = 20000;
// In this order: what comes later finds more, or leaves more behind.
const FILES = [
    "empty",
    "verdict",
    "signals",
    "text",
    "files",
    "keys",
    "screens",
    "slow",
    "restart",
    "many",
];
const FILLED_FROM = "verdict";

const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const put = (what) => process.stdout.write(JSON.stringify(what) + "\n");

async function wish(what) {
    put(what);
    return JSON.parse((await answers.next()).value);
}

function check(name, good, story = "") {
    put({
        name,
        good: Boolean(good),
        story: typeof story === "string" ? story : JSON.stringify(story),
    });
}

// Of a page: what it complained of.
function listen(page) {
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
    page.on("console", (told) => {
        if (told.type() === "error" && !/Failed to load resource|ERR_/.test(told.text()))
            faults.push(told.text());
    });
    return faults;
}

const context = await chromium.launchPersistentContext(folder, {
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    acceptDownloads: true,
    viewport: { width: 1280, height: 900 },
});
context.setDefaultTimeout(WAIT_MS);
for (const name of FILES) {
    if (name === FILLED_FROM) await wish({ do: "fill" });
    if (!name.includes(word)) continue;
    const { tests } = await import(`./${name}_test.mjs`);
    for (const [sentence, test] of Object.entries(tests)) {
        const page = await context.newPage();
        const faults = listen(page);
        try {
            await test({ page, address, context, wish, check });
            check(sentence, faults.length === 0, faults.join("\n"));
        } catch (problem) {
            check(sentence, false, `${problem.stack}\n${faults.join("\n")}`);
        }
        await page.close();
    }
}
await context.close();
process.exit(0);
