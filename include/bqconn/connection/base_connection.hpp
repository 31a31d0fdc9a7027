// The domain: a base connection, as Flow Service knows it. Plain values, no I/O.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bqconn/core/secret.hpp"

namespace bqconn::connection {

// The connection spec of Google BigQuery, the same for every cloud and kind of authentication.
inline constexpr std::string_view bigquery_spec_id = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline constexpr std::string_view bigquery_spec_version = "1.0";

// A member of auth.params.
struct Parameter {
    std::string_view name;
    std::variant<std::string, Secret> value;
};

// Made from one of the kinds in config/assemble.hpp. The texts live as long as the program.
struct Auth {
    std::string_view spec_name;
    std::string_view type;         // empty: not sent
    std::string_view unsupported;  // what to do if the source does not support the auth spec
    std::vector<Parameter> params;
};

struct BaseConnection {
    std::string name;
    std::optional<std::string> description;
    Auth auth;
};

}  // namespace bqconn::connection
