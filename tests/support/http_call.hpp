// A call and its outcome, as one value that a test can compare.
#pragma once

#include <optional>
#include <string>

#include "bqconn/http/transport.hpp"

namespace bqconn::test {

struct Outcome {
    std::optional<http::Response> response;
    std::optional<http::TransportError> error;

    // "201", or "network.reset maybe network": what most tests compare.
    std::string text() const;
    std::string message() const;  // of the error, with its hint
};

Outcome call(http::Transport& transport, const http::Request& request);

http::Request get(const std::string& url);
http::Request post(const std::string& url, const std::string& body = "{\"a\":1}");

// Options for tests: limits that only matter in a hang.
http::TransportOptions patient();

// Makes one call with a new transport.
Outcome call_once(const http::Request& request, const http::TransportOptions& options = patient());

}  // namespace bqconn::test
