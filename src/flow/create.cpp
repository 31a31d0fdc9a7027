#include "bqconn/flow/create.hpp"

#include <stdexcept>

#include "bqconn/core/text.hpp"

namespace bqconn::flow {

Stored create(FlowService& service, const connection::BaseConnection& connection) {
    constexpr int created = 201;
    const Operation operation{"unknown.create", "created",
                              "bqconn list --name " + shell_quoted(connection.name)};
    const Call call{http::Method::post, "/connections", create_body(connection)};
    const http::Response response = apply(service, call, created, operation);
    try {
        return read_stored(response);
    } catch (const std::runtime_error& error) {
        throw outcome_unknown(operation, response,
                              "the response (HTTP 201) is invalid: " + std::string(error.what()));
    }
}

}  // namespace bqconn::flow
