/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include "api/hub.h"
#include "api/predictors.h"
#include "api/view.h"

/* Without memory, all have missed it. */
static void tell(void *context, const odd_rows *finding, odd_time known)
{
    (void)known; /* Whoever watches sees those of the past too. */
    HttpResponse json = {0};
    view_object(&view_findings, finding, &json);
    hub_tell(context, "finding", json.broken ? NULL : json.body);
    response_clear(&json);
}

bool api_open(ApiContext *api)
{
    api->hub = hub_open();
    const char *data =
        api->settings != NULL && api->settings->data != NULL ? api->settings->data : "";
    api->predictors = predictors_open(data);
    bool has_alerts = odd_alerts_open(&api->alerts) == ODD_OK;
    if (has_alerts && api->hub != NULL && api->predictors != NULL &&
        (api->live == NULL || live_listen(api->live, tell, api->hub)))
        return true;
    api_close(api);
    return false;
}

void api_close(ApiContext *api)
{
    hub_close(api->hub);
    api->hub = NULL;
    odd_alerts_close(api->alerts);
    api->alerts = NULL;
    predictors_close(api->predictors);
    api->predictors = NULL;
}
