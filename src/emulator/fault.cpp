#include "bqconn/emulator/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/emulator/flow_resources.hpp"

namespace bqconn::emulator {
namespace {

[[noreturn]] void refuse(const std::string& what) {
    throw Error(ExitCode::usage, "usage", "--fault: " + what,
                "example: --fault 'POST /connections=503;times=2' (see docs/emulator.md)");
}

std::size_t number(std::string_view text, const std::string& where) {
    constexpr std::size_t largest = 1'000'000'000;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value > largest) {
        refuse(where + " must be a whole number, at most 1000000000");
    }
    return value;
}

int parse_status(std::string_view text) {
    constexpr std::size_t lowest = 200;
    constexpr std::size_t highest = 599;
    const std::size_t status = text.size() == 3 ? number(text, "status") : 0;
    if (status < lowest || status > highest) {
        refuse("status must be a number from 200 to 599");
    }
    return static_cast<int>(status);
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void parse_action(std::string_view text, Fault& fault) {
    fault.apply = take_prefix(text, "apply-then-");
    if (text == "reset") {
        fault.action = FaultAction::reset;
    } else if (take_prefix(text, "html-")) {
        fault.action = FaultAction::html;
        fault.status = parse_status(text);
    } else if (take_prefix(text, "empty-")) {
        fault.action = FaultAction::empty;
        fault.status = parse_status(text);
    } else if (is_number(text)) {
        fault.action = FaultAction::status;
        fault.status = parse_status(text);
    } else if (!fault.apply && take_prefix(text, "truncate=")) {
        fault.action = FaultAction::truncate;
        fault.bytes = number(text, "truncate");
    } else if (!fault.apply && take_prefix(text, "slow=")) {
        fault.delay = std::chrono::milliseconds(number(text, "slow"));
    } else {
        refuse(
            "action must be one of: STATUS, html-STATUS, empty-STATUS, reset, apply-then- and one "
            "of these, truncate=BYTES, slow=MILLISECONDS");
    }
}

void parse_modifier(std::string_view text, Fault& fault) {
    if (take_prefix(text, "times=")) {
        fault.times = number(text, "times");
        if (fault.times == 0U) {
            refuse("times must be at least 1");
        }
    } else if (take_prefix(text, "after=")) {
        fault.after = number(text, "after");
    } else if (take_prefix(text, "slow=")) {
        fault.delay = std::chrono::milliseconds(number(text, "slow"));
    } else if (take_prefix(text, "retry-after=")) {
        if (text.empty() || has_control_character(text)) {
            refuse("retry-after must be seconds or a date");
        }
        fault.retry_after = text;
    } else {
        refuse("modifier must be one of: times=N, after=N, slow=MILLISECONDS, retry-after=SECONDS");
    }
}

// A "*" segment matches any segment.
bool matches(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    if (wanted.size() != given.size()) {
        return false;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i] != "*" && wanted[i] != given[i]) {
            return false;
        }
    }
    return true;
}

bool matches(const Fault& fault, std::string_view method, std::string_view path) {
    return (fault.method == "*" || fault.method == method) &&
           (matches(fault.path, path) || matches(flow_service_path + fault.path, path));
}

}  // namespace

Fault parse_fault(std::string_view text) {
    Fault fault;
    fault.text = text;
    const auto equals = text.find('=');
    const auto space = text.find(' ');
    if (equals == std::string_view::npos || space == std::string_view::npos || space > equals) {
        refuse("must have the form METHOD PATH=ACTION");
    }
    fault.method = text.substr(0, space);
    constexpr std::array<std::string_view, 6> methods{"*",    "GET",   "HEAD",
                                                      "POST", "PATCH", "DELETE"};
    if (std::find(methods.begin(), methods.end(), fault.method) == methods.end()) {
        refuse("method must be one of: *, GET, HEAD, POST, PATCH, DELETE");
    }
    fault.path = text.substr(space + 1, equals - space - 1);
    if (!fault.path.starts_with('/') || fault.path.find_first_of(" ?;") != std::string::npos) {
        refuse("path must start with / and contain no space, semicolon or query");
    }
    const auto parts = split(text.substr(equals + 1), ';');
    parse_action(parts.front(), fault);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        parse_modifier(parts[i], fault);
    }
    return fault;
}

FaultList::FaultList(std::vector<Fault> faults) {
    for (auto& fault : faults) {
        entries_.push_back({std::move(fault)});
    }
}

const Fault* FaultList::take(std::string_view method, std::string_view path) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        const Fault& fault = entry.fault;
        if (!matches(fault, method, path) || (fault.times && entry.applied >= *fault.times)) {
            continue;
        }
        if (entry.passed < fault.after) {
            ++entry.passed;
            continue;
        }
        ++entry.applied;
        return &fault;
    }
    return nullptr;
}

void FaultList::give_back(const Fault* fault) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        if (&entry.fault == fault) {
            --entry.applied;
        }
    }
}

}  // namespace bqconn::emulator
