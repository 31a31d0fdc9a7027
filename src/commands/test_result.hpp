// What a connection test that answers false means, for every verb that makes one.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"

namespace bqconn::commands {

// `more` continues "… the credentials of ID": "; it was deleted again". `next` says what to do with
// good credentials; empty: update the connection.
Error test_is_false(const std::string& id, const std::string& more, const std::string& next = {});

}  // namespace bqconn::commands
