// What can go wrong with one call, as far as a service can bring it about: a table, each row with
// the exit codes that it must have.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "reliability/scene.hpp"

namespace bqconn::reliability {

// The exit codes that a fault of a call has.
struct Expected {
    int write;
    int read;
    int token;
};

struct Fault {
    std::string name;
    Strike strike;
    Expected exit_code;
    bool unread = false;  // strikes before the request is read
    bool stalls = false;  // ends by --timeout only
    int most_writes = 1;
};

inline void PrintTo(const Fault& fault, std::ostream* out) {
    *out << fault.name;
}

// Reads are 9 or 12 whether or not the request had left: nothing was to be changed by it.
inline constexpr Expected fine{0, 0, 0};
inline constexpr Expected broken{10, 9, 9};
inline constexpr Expected malformed{10, 9, 9};
inline constexpr Expected untrusted{10, 12, 12};
inline constexpr Expected server_error{10, 8, 8};

std::vector<Fault> connection_faults();
std::vector<Fault> status_faults();
std::vector<Fault> body_faults();
std::vector<Fault> length_faults();
std::vector<Fault> size_faults();

}  // namespace bqconn::reliability
