// The error for a failed connection test, shared by all verbs that test.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"

namespace bqconn::commands {

// `more` continues "… the credentials of ID": "; the connection was deleted". `next` says what to
// do with new credentials; empty: update the connection.
Error test_failed(const std::string& id, const std::string& more, const std::string& next = {});

}  // namespace bqconn::commands
