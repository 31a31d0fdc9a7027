// The emulator without sockets, as a transport: its clock is that of the runs, and chosen calls
// fail in every way that a transport can report.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bqconn/core/clock.hpp"
#include "bqconn/http/transport.hpp"
#include "emulator/emulator.hpp"
#include "reliability/in_process.hpp"

namespace bqconn::reliability {

enum class Trouble {
    none,
    not_connected,  // nothing is sent
    closed_unread,  // sent, but not carried out
    closed,         // carried out, then no answer
    cut,            // carried out, but the answer ends early
    failed,         // 5xx, not carried out
    failed_late,    // 5xx, carried out
    refused,        // 4xx
    limited,        // 429 with Retry-After
    killed,         // the run ends here: no later call of it arrives
    killed_late,    // the same, after the call was carried out
};
inline constexpr std::size_t trouble_count = static_cast<std::size_t>(Trouble::killed_late) + 1;

class StruckEmulator {
  public:
    // The trouble of a call, by its number in the run (from 0). `variety` chooses among statuses.
    struct Struck {
        Trouble trouble = Trouble::none;
        std::size_t variety = 0;
    };
    using Strike = std::function<Struck(std::size_t call)>;

    StruckEmulator();

    // Runs bqconn against it. Everything sent and shown is examined for secrets.
    InProcess run(const std::vector<std::string>& arguments, const Strike& strike = {});

    // Of the last run:
    std::size_t calls() const { return calls_; }
    std::size_t changes() const { return changes_; }  // requests that may change something
    bool was_killed() const { return killed_; }

    emulator::Store& store() { return emulator_.store(); }

  private:
    http::Response send(const http::Request& request);
    http::Response answer(const http::Request& request);

    std::atomic<std::chrono::milliseconds::rep> passed_ = 0;
    emulator::Emulator emulator_;
    std::vector<std::string> tokens_;
    Strike strike_;
    std::size_t calls_ = 0;
    std::size_t changes_ = 0;
    bool killed_ = false;
};

}  // namespace bqconn::reliability
