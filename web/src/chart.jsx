// SPDX-License-Identifier: Apache-2.0
//
// chart.jsx - lines over time, by uPlot: what was, what was expected, bands; a window can be
// dragged.
import uPlot from "uplot";
import { useEffect, useRef } from "preact/hooks";
import { Data } from "./parts.jsx";
import { taste } from "./taste.js";
import { number } from "./words.js";

const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const KINDS = {
    actual: () => ({ stroke: colour("actual"), width: 1.5 }),
    second: () => ({ stroke: colour("accent"), width: 1.5 }),
    expected: () => ({ stroke: colour("expected"), width: 1.2, dash: [5, 4] }),
    edge: () => ({ stroke: "transparent", width: 0 }),
    dots: () => ({
        stroke: colour("odd-4"),
        width: 0,
        points: { show: true, size: 6, fill: colour("odd-4") },
    }),
};

// A step of the axis, how it is written, and what is added where a day begins.
const DAY = "\n{YYYY}-{MM}-{DD}";
const CLOCK = [
    [86400, "{YYYY}-{MM}-{DD}", null, null, null, null, null, null, 1],
    [60, "{HH}:{mm}", DAY, null, DAY, null, null, null, 1],
    [1, "{HH}:{mm}:{ss}", DAY, null, DAY, null, null, null, 1],
    [0.001, ":{ss}.{fff}", DAY, null, DAY, null, "\n{HH}:{mm}", null, 1],
];

function options({ series, bands, width, height, onWindow, window }) {
    const axis = {
        stroke: colour("quiet"),
        grid: { stroke: colour("line"), width: 1 },
        ticks: { stroke: colour("line"), width: 1 },
        font: "12px system-ui, sans-serif",
    };
    return {
        width,
        height,
        legend: { show: false },
        padding: [10, 10, 0, 0],
        tzDate: (seconds) =>
            taste.utc()
                ? uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC")
                : new Date(seconds * 1000),
        cursor: {
            drag: { x: Boolean(onWindow), y: false, setScale: false },
            points: { show: false },
        },
        axes: [
            { ...axis, space: 80, values: CLOCK },
            { ...axis, size: 62, values: (_, values) => values.map((one) => number(one)) },
        ],
        series: [
            {},
            ...series.map(({ name, kind }) => ({
                label: name,
                spanGaps: false,
                points: { show: false },
                ...KINDS[kind](),
            })),
        ],
        bands: (bands ?? []).map((pair) => ({ series: pair, fill: colour("band") })),
        hooks: {
            setSelect: onWindow
                ? [
                      (chart) => {
                          const { left, width: wide } = chart.select;
                          if (wide > 4)
                              onWindow(
                                  chart.posToVal(left, "x") * 1000,
                                  chart.posToVal(left + wide, "x") * 1000,
                              );
                      },
                  ]
                : [],
            drawClear: window
                ? [
                      (chart) => {
                          const from = chart.valToPos(window.from / 1000, "x", true);
                          const to = chart.valToPos(window.to / 1000, "x", true);
                          chart.ctx.fillStyle = colour("accent-soft");
                          chart.ctx.fillRect(from, chart.bbox.top, to - from, chart.bbox.height);
                      },
                  ]
                : [],
        },
    };
}

// times: ms; series: [{name, kind, values}]; bands: pairs of numbers of series, upper first.
export function Chart({
    name,
    times,
    series,
    bands,
    height = 260,
    onWindow,
    window,
    columns,
    rows,
    children,
}) {
    const place = useRef(null),
        chart = useRef(null);
    const theme = taste.dark(),
        utc = taste.utc();
    useEffect(() => {
        const make = () => {
            chart.current?.destroy();
            chart.current = new uPlot(
                options({
                    series,
                    bands,
                    height,
                    onWindow,
                    window,
                    width: Math.max(place.current.clientWidth, 200),
                }),
                [times.map((time) => time / 1000), ...series.map(({ values }) => values)],
                place.current,
            );
        };
        make();
        let wide = place.current.clientWidth;
        const watcher = new ResizeObserver(() => {
            if (place.current && place.current.clientWidth !== wide) {
                wide = place.current.clientWidth;
                chart.current?.setSize({ width: Math.max(wide, 200), height });
            }
        });
        watcher.observe(place.current);
        return () => {
            watcher.disconnect();
            chart.current?.destroy();
            chart.current = null;
        };
    }, [times, series, theme, utc, window?.from, window?.to]);
    return (
        <figure class="chart">
            <div ref={place} role="img" aria-label={`${name}: a chart; its table stands below`} />
            {children}
            <Data
                name={name}
                columns={columns}
                rows={rows}
                canvas={() => chart.current?.ctx.canvas}
                numeric={columns.map((_, at) => at).slice(1)}
            />
        </figure>
    );
}
