// Flow Service: GET /connectionSpecs/{id}.
#pragma once

#include "bqconn/emulator/router.hpp"
#include "bqconn/emulator/service_options.hpp"

namespace bqconn::emulator {

// Throws FLOW-1100-400 if the organisation has no licence for the BigQuery source.
void check_licence(const ServiceOptions& options);

// `options` must outlive `router`.
void add_spec_routes(Router& router, const ServiceOptions& options);

}  // namespace bqconn::emulator
