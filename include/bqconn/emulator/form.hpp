// The forms that the token services of Adobe and Google read: in the body, and never in the query.
#pragma once

#include <string>
#include <string_view>

#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// The parameters in the body. Throws Refused (invalid_request) for a query, or for a body of
// another type.
Pairs read_form(const Request& request);

// The one value of a parameter; empty if it is missing. Throws Refused (invalid_request) where it
// is given more than once.
std::string parameter(const Pairs& form, std::string_view name);

}  // namespace bqconn::emulator
