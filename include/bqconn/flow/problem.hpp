// The error documents of Adobe's gateway and of Flow Service, in all the shapes that are known,
// made into an Error: the service's own words first, then what to do.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::flow {

struct Problem {
    std::string code;   // "403025", "FLOW-1439-404", or empty
    std::string words;  // the service's own, on one line and inert; empty if it said nothing that
                        // can be read
};

Problem read_problem(const http::Response& response);

// For an answer that is no success.
Error error_of(const http::Response& response);

}  // namespace bqconn::flow
