// SPDX-License-Identifier: Apache-2.0
//
// save.js - what is shown as a file: a table as CSV or JSON, a chart as PNG.
function give(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// A cell that a spreadsheet would take for a formula is told as text.
function cell(value) {
    let text = value === null || value === undefined ? "" : String(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(columns, rows) {
    return [columns, ...rows].map((row) => row.map(cell).join(",") + "\n").join("");
}

export function saveCsv(name, columns, rows) {
    give(`${name}.csv`, new Blob([csv(columns, rows)], { type: "text/csv" }));
}

export function saveJson(name, columns, rows) {
    const items = rows.map((row) =>
        Object.fromEntries(row.map((value, at) => [columns[at], value])),
    );
    give(`${name}.json`, new Blob([JSON.stringify(items, null, 1)], { type: "application/json" }));
}

// On the ground that it is seen on.
export function savePng(name, canvas) {
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    const pen = copy.getContext("2d");
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, copy.width, copy.height);
    pen.drawImage(canvas, 0, 0);
    copy.toBlob((blob) => give(`${name}.png`, blob), "image/png");
}
