// Builds the domain objects from settings. All missing settings are reported in one message.
#pragma once

#include "bqconn/config/missing.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::config {

// The connection that the settings describe. The auth kind is derived from the settings given; a
// mixture is an Error (usage, "usage.mixed_auth") that names both groups and their sources.
connection::BaseConnection base_connection(const Settings& settings, Missing& missing);

// Only its authentication.
connection::Auth authentication(const Settings& settings, Missing& missing);

// How to reach Adobe. Fields that are missing stay empty.
enum class NeedsSandbox { no, yes };
connection::Access access(const Settings& settings, Missing& missing,
                          NeedsSandbox needs_sandbox = NeedsSandbox::yes);

connection::GoogleServices google_services(const Settings& settings);

// Only what is needed to fetch a token: the API key and `fetching`.
connection::Access token_access(const Settings& settings, Missing& missing);

// Timeouts and trusted roots.
http::TransportOptions transport_options(const Settings& settings);

}  // namespace bqconn::config
