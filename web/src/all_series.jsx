// SPDX-License-Identifier: Apache-2.0
//
// all_series.jsx - the list of all series, whether they were judged or not.
import { api, useAsk } from "./api.js";
import { Asked, Link, Table, Time } from "./parts.jsx";
import { address } from "./route.js";
import { Line, visible } from "./text.jsx";
import { plural } from "./words.js";

const SHOWN_MAX = 100;

export const fits = (item, typed) =>
    !typed ||
    `${item.signal ?? item.series} ${item.pattern ?? ""} ${item.source}`
        .toLowerCase()
        .includes(typed.toLowerCase());

export function AllSeries({ query }) {
    const of = useAsk(`signals ${query.name ?? ""}`, (signal) =>
        api("signals?limit=1000&order=newest", { signal }),
    );
    return (
        <Asked of={of} lines={8}>
            {({ items, next }) => {
                const found = items.filter((item) => fits(item, query.name));
                return (
                    <>
                        <p class="quiet">
                            {plural(found.length, "series", "series")}
                            {next ? " and more" : ""}
                        </p>
                        <Table
                            name="series"
                            most={SHOWN_MAX}
                            numeric={[2, 5]}
                            columns={[
                                "series",
                                "source",
                                "samples",
                                "class",
                                "season",
                                "last value",
                                "last",
                            ]}
                            rows={found.map((one) => [
                                one.series,
                                one.source,
                                one.samples,
                                one.watched ? (one.class ?? "learning") : "kept only",
                                one.season,
                                one.last_value,
                                one.last_time,
                            ])}
                            render={(value, at) =>
                                at === 0 ? (
                                    <Link to={address("/signals", { ...query, id: value })}>
                                        <Line text={value} />
                                    </Link>
                                ) : at === 6 ? (
                                    <Time time={value} />
                                ) : at === 1 ? (
                                    visible(value)
                                ) : null
                            }
                        />
                    </>
                );
            }}
        </Asked>
    );
}
