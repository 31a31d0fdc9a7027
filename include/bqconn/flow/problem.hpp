// Turns the error documents of Adobe's gateway and of Flow Service, in all known shapes, into an
// Error: the service's own words, then what to do.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

struct Problem {
    std::string code;   // "403025", "FLOW-1439-404", or empty
    std::string words;  // the service's own, on one line and inert; empty if unreadable
};

Problem read_problem(const http::Response& response);

// For a non-success response. `permission` is what the call needs, "Manage Sources"; empty if
// unknown.
Error error_of(const http::Response& response, std::string_view permission = {});

}  // namespace bqconn::flow
