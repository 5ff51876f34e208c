// SPDX-License-Identifier: Apache-2.0
//
// lost.jsx - an address that means nothing here.
import { Empty, Link } from "../parts.jsx";

export function Lost() {
    return (
        <Empty title="There is nothing at this address.">
            <p>
                <Link to="/">What is odd now</Link>
            </p>
        </Empty>
    );
}
