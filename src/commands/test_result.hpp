// What a connection test that answers false means, for every verb that makes one.
#pragma once

#include <string>

#include "bqconn/core/error.hpp"

namespace bqconn::commands {

// `more` continues "… the credentials of ID": "; it was deleted again".
Error test_is_false(const std::string& id, const std::string& more);

}  // namespace bqconn::commands
