#include "bqconn/connection/base_connection.hpp"

namespace bqconn::connection {

std::string_view auth_spec_name(const Auth& auth) {
    return std::holds_alternative<BasicAuth>(auth) ? "Basic Authentication"
                                                   : "Service Authentication";
}

}  // namespace bqconn::connection
