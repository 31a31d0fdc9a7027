// Short ways to write what a faulty service does with a call.
#pragma once

#include <string>

#include "reliability/scene.hpp"

namespace bqconn::reliability {

// A Flow Service error.
extern const std::string error_document;

Strike send(const std::string& bytes);

// This status line, then the good body with its correct length.
Strike status_line(const std::string& line);

// The good status with a different body.
Strike instead(const std::string& body, const std::string& headers = "");

// The good status, these headers, the good body.
Strike headers(const std::string& lines);

// The good body as one chunk, between `before` and `after`.
Strike chunked(const std::string& before, const std::string& after);

// The good status and `start`, then `block` repeated until the client disconnects.
Strike endless(const std::string& start, const std::string& block);

}  // namespace bqconn::reliability
