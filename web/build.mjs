// SPDX-License-Identifier: Apache-2.0
//
// build.mjs - the page as few files, by Vite.
//
//     node build.mjs PARTS OUT     PARTS: the folder with node_modules, by web/package-lock.json
//
// What is written depends on the files of this folder and on the lock file alone.
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const parts = resolve(process.argv[2]);
const out = resolve(process.argv[3]);
const found = createRequire(resolve(parts, "package.json"));
const vite = found.resolve("vite/package.json");
const { build } = await import(pathToFileURL(resolve(dirname(vite), "dist/node/index.js")));

await build({
    root: here,
    configFile: false,
    envFile: false,
    logLevel: "warn",
    publicDir: resolve(here, "public"),
    cacheDir: resolve(out, "../cache"),
    resolve: {
        alias: {
            preact: resolve(parts, "node_modules/preact"),
            uplot: resolve(parts, "node_modules/uplot"),
        },
    },
    esbuild: { jsx: "automatic", jsxImportSource: "preact", legalComments: "none" },
    build: {
        outDir: out,
        emptyOutDir: true,
        target: "es2022",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        cssCodeSplit: false,
        chunkSizeWarningLimit: 1000,
        rollupOptions: {
            output: {
                entryFileNames: "web/[name]-[hash].js",
                chunkFileNames: "web/[name]-[hash].js",
                assetFileNames: "web/[name]-[hash][extname]",
            },
        },
    },
});
