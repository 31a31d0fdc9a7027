// Makes of settings what the domain needs. All that is missing is reported in one message.
#pragma once

#include "bqconn/config/missing.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::config {

// The connection that the settings describe. The auth kind follows from what is given; a mixture is
// an Error (usage, "usage.mixed_auth") that names both halves and where they came from.
connection::BaseConnection base_connection(const Settings& settings, Missing& missing);

// Its authentication alone.
connection::Auth authentication(const Settings& settings, Missing& missing);

// How to reach Adobe. Fields that are missing stay empty.
enum class NeedsSandbox { no, yes };
connection::Access access(const Settings& settings, Missing& missing,
                          NeedsSandbox needs_sandbox = NeedsSandbox::yes);

connection::GoogleServices google_services(const Settings& settings);

// What fetches a token, and nothing else: the API key and `fetching`.
connection::Access token_access(const Settings& settings, Missing& missing);

// Timeouts and trust.
http::TransportOptions transport_options(const Settings& settings);

}  // namespace bqconn::config
