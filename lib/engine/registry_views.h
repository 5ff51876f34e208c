/* SPDX-License-Identifier: Apache-2.0
 *
 * registry_views.h - the answers of odd_registry_query, each from the file that knows.
 *
 * OWNERSHIP  The rows are the caller's.
 */
#ifndef ENGINE_REGISTRY_VIEWS_H
#define ENGINE_REGISTRY_VIEWS_H
#include "engine/registry.h"

odd_rc registry_datasets(odd_registry *registry, odd_rows **ret);
odd_rc registry_dataset_columns(odd_registry *registry, const char *name, odd_rows **ret);
odd_rc registry_audit(odd_registry *registry, const char *name, odd_rows **ret);

/* The cell is a text of the manifest; "" where that has none. */
void registry_tell(odd_rows *rows, const JsonNode *root, const char *member);

#endif
