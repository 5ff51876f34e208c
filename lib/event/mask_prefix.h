/* SPDX-License-Identifier: Apache-2.0
 *
 * mask_prefix.h - tokens that are known by how they begin, whatever stands before them.
 *
 * JSON web tokens (RFC 7519: "eyJ" is base64url of {" ), access keys of AWS, tokens of GitHub,
 * GitLab, Slack, Stripe, Google, npm, PyPI and the like, as their makers publish the forms.
 */
#ifndef EVENT_MASK_PREFIX_H
#define EVENT_MASK_PREFIX_H
#include "event/mask_search.h"

/* at: where one of the fragments below, or "eyj" and a letter or digit, stands in the text. */
bool mask_prefix_at(MaskSearch *search, size_t at, MaskSpan *ret_span);

#define MASK_PREFIX_FRAGMENTS                                                                      \
    "akia", "asia", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "_pat", "lpat", "xoxa", "xoxb",        \
        "xoxe", "xoxp", "xoxr", "xoxs", "xapp", "sk_l", "rk_l", "sk_t", "aiza", "npm_", "sk-a",    \
        "sk-p", "pypi"

#endif
