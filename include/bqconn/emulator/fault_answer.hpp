// What a client gets to see of a fault.
#pragma once

#include <string_view>

#include "bqconn/emulator/fault.hpp"
#include "bqconn/emulator/message.hpp"

namespace bqconn::emulator {

// What leaves instead of `true_answer` (empty where the request was not carried out).
Answer faulty_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                     const Answer& true_answer);

}  // namespace bqconn::emulator
