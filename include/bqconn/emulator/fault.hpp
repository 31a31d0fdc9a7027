// Faults that the user asks for with --fault, to see what a client makes of them.
//
//     METHOD PATH=ACTION[;MODIFIER]...
//
// docs/emulator.md has the grammar. What is not understood is an error, never ignored.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bqconn::emulator {

enum class FaultAction {
    pass,      // the true answer; for the modifiers alone
    status,    // an error document of that status
    html,      // that status with an HTML page
    empty,     // that status without a body
    reset,     // the connection is reset before a byte is answered
    truncate,  // the true answer, its body cut off
};

struct Fault {
    std::string text;    // as given
    std::string method;  // "*": any
    std::string path;    // below the Flow Service's base path, or whole; "*" is one segment
    FaultAction action = FaultAction::pass;
    int status = 0;
    // The request is carried out first. Where the service refuses it, its own answer is given and
    // the fault does not strike.
    bool apply = false;
    std::size_t bytes = 0;  // of the body, for truncate
    std::chrono::milliseconds delay{0};
    std::string retry_after;           // empty: no such header
    std::optional<std::size_t> times;  // none: always
    std::size_t after = 0;             // so many requests pass first
};

// Throws Error (usage), naming the part that is not understood.
Fault parse_fault(std::string_view text);

class FaultList {
  public:
    explicit FaultList(std::vector<Fault> faults);

    // The first fault that is due for this request, and one of its strikes used up; null if there
    // is none. From any thread; the pointer lives as long as the list.
    const Fault* take(std::string_view method, std::string_view path);

    // Gives the strike back: it did not happen.
    void give_back(const Fault* fault);

  private:
    struct Entry {
        Fault fault;
        std::size_t passed = 0;
        std::size_t struck = 0;
    };
    std::mutex mutex_;
    std::vector<Entry> entries_;
};

}  // namespace bqconn::emulator
