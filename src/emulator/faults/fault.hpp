// Faults requested with --fault, to see how a client handles them.
//
//     METHOD PATH=ACTION[;MODIFIER]...
//
// docs/emulator.md has the grammar. Invalid parts are errors, never ignored.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/server/message.hpp"

namespace bqconn::emulator {

enum class FaultAction {
    pass,      // the real answer; only the modifiers apply
    status,    // that status with its error document
    html,      // that status with an HTML page
    empty,     // that status without a body
    reset,     // resets the connection before sending anything
    truncate,  // the real answer, its body cut off
};

struct Fault {
    std::string text;    // as given
    std::string method;  // "*": any
    std::string path;    // below Flow Service's base path, or full; "*" is one segment
    FaultAction action = FaultAction::pass;
    int status = 0;
    // Carry out the request first. If the service refuses it, its own answer is sent and the fault
    // does not apply.
    bool apply = false;
    std::size_t bytes = 0;  // of the body, for truncate
    std::chrono::milliseconds delay{0};
    std::string retry_after;           // empty: no Retry-After header
    std::optional<std::size_t> times;  // none: always
    std::size_t after = 0;             // requests that pass first
};

// Throws Error (usage) that names the invalid part.
Fault parse_fault(std::string_view text);

// The answer sent instead of `true_answer`, which is empty if the request was not carried out.
Answer faulty_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                     const Answer& true_answer);

class FaultList {
  public:
    explicit FaultList(const std::vector<Fault>& faults);

    // Returns the first fault due for this request and uses up one of its `times`; null if none is
    // due. Thread-safe; the pointer is valid as long as the list.
    const Fault* take(std::string_view method, std::string_view path);

    // Undoes take(): the fault was not applied.
    void give_back(const Fault* fault);

  private:
    struct Entry {
        Fault fault;
        std::size_t passed = 0;
        std::size_t applied = 0;
    };
    std::mutex mutex_;
    std::vector<Entry> entries_;
};

}  // namespace bqconn::emulator
