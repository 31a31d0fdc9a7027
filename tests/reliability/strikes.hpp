// What a broken service does with a call, made of a few words.
#pragma once

#include <string>

#include "reliability/scene.hpp"

namespace bqconn::reliability {

// An error of Flow Service.
extern const std::string error_document;

Strike send(const std::string& bytes);

// The status line given, then the good body with its true length.
Strike status_line(const std::string& line);

// The good status, and a body of another kind.
Strike instead(const std::string& body, const std::string& headers = "");

// The good status, these headers, the good body.
Strike headers(const std::string& lines);

// The good body in one chunk, between `before` and `after`.
Strike chunked(const std::string& before, const std::string& after);

// The good status and `start`, then `block` until the client has enough.
Strike endless(const std::string& start, const std::string& block);

}  // namespace bqconn::reliability
