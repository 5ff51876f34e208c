/* SPDX-License-Identifier: Apache-2.0
 *
 * sanitized.h - is this build one with sanitizers?  They make it ten times slower and look at
 * memory, not at figures: there, tests that count much may count less.
 */
#ifndef TESTS_SANITIZED_H
#define TESTS_SANITIZED_H

#define SANITIZED 0
#if defined(__SANITIZE_ADDRESS__)
#undef SANITIZED
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef SANITIZED
#define SANITIZED 1
#endif
#endif

#endif
