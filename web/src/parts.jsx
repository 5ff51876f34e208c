// SPDX-License-Identifier: Apache-2.0
//
// parts.jsx - the small pieces that all screens are made of.
import { follow } from "./route.js";
import { saveCsv, saveJson, savePng } from "./save.js";
import { ago, both, moment, number, oddness, odds } from "./words.js";

export function Link({ to, children, ...more }) {
    return (
        <a href={to} onClick={follow} {...more}>
            {children}
        </a>
    );
}

const STATES = {
    new: "new",
    ongoing: "ongoing",
    escalating: "escalating",
    regressed: "regressed",
    resolved: "resolved",
    hidden: "hidden",
    expected: "expected",
    joined: "joined",
};

export function State({ state }) {
    return state ? <span class={`state state-${state}`}>{STATES[state] ?? state}</span> : null;
}

// How odd: a number and a word beside the colour.
export function Odd({ surprise, long = false }) {
    if (surprise === null || surprise === undefined) return <span class="quiet">–</span>;
    return (
        <span class="odd" title={`surprise ${surprise.toFixed(1)}: ${odds(surprise)}`}>
            <span class={`dot odd-${oddness(surprise)}`} aria-hidden="true" />
            <span class="num">{surprise.toFixed(1)}</span>
            {long ? <span class="quiet"> {odds(surprise)}</span> : null}
        </span>
    );
}

export function Time({ time, seconds, day }) {
    return time ? (
        <time dateTime={time} title={both(time)}>
            {moment(time, { seconds, day })}
        </time>
    ) : (
        <span class="quiet">–</span>
    );
}

export function Ago({ time }) {
    return time ? (
        <time dateTime={time} title={both(time)}>
            {ago(time)}
        </time>
    ) : (
        <span class="quiet">never</span>
    );
}

export function Problem({ error, again }) {
    return (
        <div class="problem" role="alert">
            <strong>This could not be asked.</strong> <span>{error.message}</span>
            {again ? (
                <button type="button" onClick={again}>
                    Ask again
                </button>
            ) : null}
        </div>
    );
}

// What is asked, as it stands: loading, failed, or there.
export function Asked({ of, children, lines = 3 }) {
    if (of.error && !of.data) return <Problem error={of.error} again={of.again} />;
    if (!of.data)
        return (
            <div class="loading" role="status" aria-label="loading">
                {Array.from({ length: lines }, (_, at) => (
                    <i key={at} />
                ))}
            </div>
        );
    return children(of.data);
}

export function Empty({ title, children }) {
    return (
        <div class="empty">
            <h2>{title}</h2>
            {children}
        </div>
    );
}

export function Title({ children, sub, aside }) {
    return (
        <header class="title">
            <div>
                <h1>{children}</h1>
                {sub ? <p class="sub">{sub}</p> : null}
            </div>
            {aside ? <div class="aside">{aside}</div> : null}
        </header>
    );
}

// A few choices, one of which holds.
export function Choice({ label, value, options, onChoose }) {
    return (
        <div class="choice" role="group" aria-label={label}>
            {options.map(([name, text]) => (
                <button
                    type="button"
                    key={name}
                    aria-pressed={value === name}
                    onClick={() => onChoose(name)}
                >
                    {text}
                </button>
            ))}
        </div>
    );
}

export const show = (value) => (typeof value === "number" ? number(value) : (value ?? "–"));

// rows: arrays of plain values, for the files; render: what is seen of a cell.
export function Table({ name, columns, rows, render, numeric = [], label, most = 200 }) {
    return (
        <div class="table" tabIndex="0" role="region" aria-label={label ?? name}>
            <table>
                <thead>
                    <tr>
                        {columns.map((column, at) => (
                            <th key={at} scope="col" class={numeric.includes(at) ? "num" : ""}>
                                {column}
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {rows.slice(0, most).map((row, y) => (
                        <tr key={y}>
                            {row.map((value, at) => (
                                <td key={at} class={numeric.includes(at) ? "num" : ""}>
                                    {render?.(value, at, y) ?? show(value)}
                                </td>
                            ))}
                        </tr>
                    ))}
                </tbody>
            </table>
            {rows.length > most ? (
                <p class="quiet">
                    The first {most} of {number(rows.length)}; the files below have all.
                </p>
            ) : null}
        </div>
    );
}

// The table of a chart, folded away, and both as files.
export function Data({ name, columns, rows, render, numeric, canvas }) {
    return (
        <details class="data">
            <summary>As a table</summary>
            <Save name={name} columns={columns} rows={rows} canvas={canvas} />
            <Table name={name} columns={columns} rows={rows} render={render} numeric={numeric} />
        </details>
    );
}

export function Save({ name, columns, rows, canvas }) {
    return (
        <div class="save">
            <button type="button" onClick={() => saveCsv(name, columns, rows)}>
                CSV
            </button>
            <button type="button" onClick={() => saveJson(name, columns, rows)}>
                JSON
            </button>
            {canvas ? (
                <button type="button" onClick={() => canvas() && savePng(name, canvas())}>
                    PNG
                </button>
            ) : null}
        </div>
    );
}
