// Everything a service can do wrong with one call: a table whose rows have the required exit codes.
#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "reliability/scene.hpp"

namespace bqconn::reliability {

// The exit codes for a fault of a call.
struct Expected {
    int create;  // and update
    int list;    // and every other read
    int token;
    // An answer to a delete has no body, so faults in a body do not matter.
    int remove = create;
};

struct Fault {
    std::string name;
    Strike strike;
    Expected exit_code;
    bool unread = false;  // happens before the request is read
    bool stalls = false;  // ended only by --timeout
    int most_posts = 1;
};

inline void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

inline std::string name_of_fault(const testing::TestParamInfo<Fault>& info) {
    return info.param.name;
}

// Reads are 9 or 12 whether or not the request was sent: it would not have changed anything.
inline constexpr Expected fine{0, 0, 0};
inline constexpr Expected broken{10, 9, 9};
inline constexpr Expected malformed{10, 9, 9};
inline constexpr Expected untrusted{10, 12, 12};
inline constexpr Expected server_error{10, 8, 8};

// The same for a fault in the body, which an answer to a delete does not have.
inline constexpr Expected broken_body{10, 9, 9, 0};
inline constexpr Expected malformed_body{10, 9, 9, 0};
inline constexpr Expected untrusted_body{10, 12, 12, 0};

std::vector<Fault> connection_faults();
std::vector<Fault> status_faults();
std::vector<Fault> body_faults();
std::vector<Fault> length_faults();
std::vector<Fault> size_faults();

}  // namespace bqconn::reliability
