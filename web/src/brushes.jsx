// SPDX-License-Identifier: Apache-2.0
//
// brushes.jsx - two windows on one time axis, before and now: dragged on the chart, or moved by
// their handles, with keys too.
import { useRef, useState } from "preact/hooks";
import { Choice } from "./parts.jsx";
import { moment, number } from "./words.js";

const WIDTH = 960,
    HEIGHT = 92;

function Handles({ name, label, cells, value, at, onChange }) {
    const set = (end) => (event) => {
        const where = Number(event.currentTarget.value),
            next = [...value];
        next[end] = where;
        onChange(name, [Math.min(...next), Math.max(...next)]);
    };
    const words = (cell) => moment(at(cell));
    return (
        <div class={`handles brush-${name}`}>
            <span>{label}</span>
            {[0, 1].map((end) => (
                <input
                    key={end}
                    type="range"
                    min="0"
                    max={cells}
                    value={value[end]}
                    onInput={set(end)}
                    aria-label={`${label}, ${end === 0 ? "beginning" : "end"}`}
                    aria-valuetext={words(value[end])}
                />
            ))}
            <output>
                {words(value[0])} to {words(value[1])}
            </output>
        </div>
    );
}

function Bars({ totals, windows, most }) {
    const x = (cell) => (cell / totals.length) * WIDTH;
    return (
        <>
            {["before", "now"].map((name) => (
                <rect
                    key={name}
                    class={`brush brush-${name}`}
                    x={x(windows[name][0])}
                    y="0"
                    width={x(windows[name][1] - windows[name][0])}
                    height={HEIGHT}
                />
            ))}
            {totals.map((lines, cell) => (
                <rect
                    key={cell}
                    class="lines"
                    x={x(cell)}
                    width={WIDTH / totals.length - 1}
                    y={HEIGHT - (lines / most) * (HEIGHT - 8)}
                    height={(lines / most) * (HEIGHT - 8)}
                />
            ))}
        </>
    );
}

// totals: lines of each cell; windows: {before: [from, to], now: [from, to]}, in cells.
export function Brushes({ totals, span, windows, onChange }) {
    const cells = totals.length,
        svg = useRef(null);
    const [which, setWhich] = useState("now"),
        [drag, setDrag] = useState(null);
    const most = Math.max(...totals, 1);
    const at = (cell) => span.from + (cell * (span.to - span.from)) / cells;
    const cellOf = (event) => {
        const box = svg.current.getBoundingClientRect();
        return Math.round(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * cells);
    };
    const move = (event) => {
        if (drag === null) return;
        const to = cellOf(event);
        if (to !== drag) onChange(which, [Math.min(drag, to), Math.max(drag, to)]);
    };
    return (
        <div class="brushes">
            <svg
                ref={svg}
                viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
                preserveAspectRatio="none"
                role="img"
                aria-label={`Lines over time, at most ${number(most)} in a step`}
                onPointerDown={(event) => {
                    svg.current.setPointerCapture(event.pointerId);
                    setDrag(cellOf(event));
                }}
                onPointerMove={move}
                onPointerUp={() => setDrag(null)}
            >
                <Bars totals={totals} windows={windows} most={most} />
            </svg>
            <div class="brush-tools">
                <Choice
                    label="What dragging over the chart sets"
                    value={which}
                    onChoose={setWhich}
                    options={[
                        ["before", "drag sets before"],
                        ["now", "drag sets now"],
                    ]}
                />
                {["before", "now"].map((name) => (
                    <Handles
                        key={name}
                        name={name}
                        label={name}
                        cells={cells}
                        value={windows[name]}
                        at={at}
                        onChange={onChange}
                    />
                ))}
            </div>
        </div>
    );
}
