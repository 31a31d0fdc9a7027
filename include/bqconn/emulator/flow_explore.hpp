// Flow Service: access to a connection's data. GET /connections/{id}/test and /explore.
#pragma once

#include "bqconn/emulator/credential_check.hpp"
#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/service_options.hpp"
#include "bqconn/emulator/store.hpp"

namespace bqconn::emulator {

// All other arguments must outlive `router`.
void add_explore_routes(Router& router, const Store& store, CredentialCheck& credentials,
                        const BigQueryProject& bigquery);

}  // namespace bqconn::emulator
