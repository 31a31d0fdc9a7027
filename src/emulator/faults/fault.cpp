#include "emulator/faults/fault.hpp"

#include <algorithm>
#include <array>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "emulator/google/google.hpp"
#include "emulator/identity/identity.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/server/problem.hpp"

namespace bqconn::emulator {
namespace {

// --- Parsing

[[noreturn]] void refuse_fault(const std::string& what) {
    throw Error(ExitCode::usage, "usage", "--fault: " + what,
                "example: --fault 'POST /connections=503;times=2' (see docs/emulator.md)");
}

std::size_t parse_count(std::string_view text, const std::string& where) {
    constexpr std::size_t largest = 1'000'000'000;
    const auto value = whole_number<std::size_t>(text);
    if (!value || *value > largest) {
        refuse_fault(where + " must be a whole number, at most 1000000000");
    }
    return *value;
}

int parse_status(std::string_view text) {
    constexpr int lowest = 200;
    constexpr int highest = 599;
    const int status = text.size() == 3 ? whole_number<int>(text).value_or(0) : 0;
    if (status < lowest || status > highest) {
        refuse_fault("status must be a number from 200 to 599");
    }
    return status;
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    return true;
}

void parse_action(std::string_view text, Fault& fault) {
    fault.apply = take_prefix(text, "apply-then-");
    if (text == "reset") {
        fault.action = FaultAction::reset;
    } else if (!fault.apply && take_prefix(text, "truncate=")) {
        fault.action = FaultAction::truncate;
        fault.bytes = parse_count(text, "truncate");
    } else if (!fault.apply && take_prefix(text, "slow=")) {
        fault.delay = std::chrono::milliseconds(parse_count(text, "slow"));
    } else {
        const bool digits =
            !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
        if (!digits && !text.starts_with("html-") && !text.starts_with("empty-")) {
            refuse_fault(
                "action must be STATUS, html-STATUS, empty-STATUS or reset, any of these after "
                "apply-then-, truncate=BYTES or slow=MILLISECONDS");
        }
        fault.action = take_prefix(text, "html-")    ? FaultAction::html
                       : take_prefix(text, "empty-") ? FaultAction::empty
                                                     : FaultAction::status;
        fault.status = parse_status(text);
    }
}

void parse_modifier(std::string_view text, Fault& fault) {
    if (take_prefix(text, "times=")) {
        fault.times = parse_count(text, "times");
        if (fault.times == 0U) {
            refuse_fault("times must be at least 1");
        }
    } else if (take_prefix(text, "after=")) {
        fault.after = parse_count(text, "after");
    } else if (take_prefix(text, "slow=")) {
        fault.delay = std::chrono::milliseconds(parse_count(text, "slow"));
    } else if (take_prefix(text, "retry-after=")) {
        if (text.empty() || has_control_character(text)) {
            refuse_fault("retry-after must be seconds or a date");
        }
        fault.retry_after = text;
    } else {
        refuse_fault(
            "modifier must be one of: times=N, after=N, slow=MILLISECONDS, retry-after=SECONDS");
    }
}

// --- Matching

// A "*" segment matches any segment.
bool matches_path(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    return std::ranges::equal(wanted, given, [](const auto& one, const auto& other) {
        return one == "*" || one == other;
    });
}

bool matches_request(const Fault& fault, std::string_view method, std::string_view path) {
    return (fault.method == "*" || fault.method == method) &&
           (matches_path(fault.path, path) || matches_path(flow_service_path + fault.path, path));
}

// --- What the client sees

// The real services' document for `status`; if they have none, one with `message`.
Refused problem_of_status(int status, const std::string& message) {
    switch (status) {
        case 401:
            return gateway_problem("401013", "Oauth token is not valid");
        case 403:
            return gateway_problem("403025", "Profile is not valid");
        case 404:
            return flow_problem("1101-404", "Resource not found",
                                "The requested resource is not found.");
        case 412:
            return flow_problem("1404-412", "Version not matching",
                                "The supplied version does not match the current version.");
        case 429:
            return gateway_problem("429050", "Too many requests");
        case 500:
            return flow_problem("1102-500", "Internal Error",
                                "An internal error has occurred. Please try again.");
        case 503:
            return flow_problem("1103-503", "Service Unavailable",
                                "The service is temporarily unavailable. Please try again.");
        case 504:
            return flow_problem("1104-504", "Gateway Timeout",
                                "A gateway timeout has occurred. Please try again.");
        default:
            return older_problem(status, message);
    }
}

Answer answer_of_status(int status, std::string_view path, std::string_view request_id) {
    constexpr int first_redirect = 300;
    constexpr int first_error = 400;
    if (status < first_error) {
        // A client that follows the redirect gets a 404, and its request is recorded.
        return json_answer(status, Json::object(),
                           status < first_redirect ? Pairs{} : Pairs{{"Location", "/redirected"}});
    }
    const std::string message = "The emulator was told to return this error.";
    if (path.starts_with(bigquery_api_path + "/")) {
        return bigquery_fault(status, message).answer(request_id);
    }
    if (path.starts_with(ims_path + "/") || path == google_token_path) {
        return oauth_problem(status, status < 500 ? "invalid_request" : "server_error", message)
            .answer(request_id);
    }
    return problem_of_status(status, message).answer(request_id);
}

}  // namespace

Fault parse_fault(std::string_view text) {
    constexpr std::array<std::string_view, 6> methods{"*",    "GET",   "HEAD",
                                                      "POST", "PATCH", "DELETE"};
    Fault fault;
    fault.text = text;
    const auto equals = text.find('=');
    const auto space = text.find(' ');
    if (equals == std::string_view::npos || space == std::string_view::npos || space > equals) {
        refuse_fault("must have the form METHOD PATH=ACTION");
    }
    fault.method = text.substr(0, space);
    if (std::ranges::find(methods, fault.method) == methods.end()) {
        refuse_fault("method must be one of: *, GET, HEAD, POST, PATCH, DELETE");
    }
    fault.path = text.substr(space + 1, equals - space - 1);
    if (!fault.path.starts_with('/') || fault.path.find_first_of(" ?;") != std::string::npos) {
        refuse_fault("path must start with / and contain no space, semicolon or query");
    }
    const auto parts = split(text.substr(equals + 1), ';');
    parse_action(parts.front(), fault);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        parse_modifier(parts[i], fault);
    }
    return fault;
}

Answer faulty_answer(const Fault& fault, std::string_view path, std::string_view request_id,
                     const Answer& true_answer) {
    Answer answer = true_answer;
    switch (fault.action) {
        case FaultAction::pass:
            break;
        case FaultAction::status:
            answer = answer_of_status(fault.status, path, request_id);
            break;
        case FaultAction::html:
            answer = {.status = fault.status,
                      .headers = {{"Content-Type", "text/html"}},
                      .body =
                          "<html><head><title>Error</title></head>\n<body><h1>The page is "
                          "temporarily unavailable</h1></body></html>\n"};
            break;
        case FaultAction::empty:
            answer = {.status = fault.status};
            break;
        case FaultAction::reset:
            answer = {.status = 0, .reset = true};
            break;
        case FaultAction::truncate:
            answer.cut_off = fault.bytes;
            break;
    }
    answer.fault = fault.text;
    answer.delay = fault.delay;
    if (!fault.retry_after.empty()) {
        answer.headers.emplace_back("Retry-After", fault.retry_after);
    }
    return answer;
}

FaultList::FaultList(const std::vector<Fault>& faults) {
    for (const auto& fault : faults) {
        entries_.push_back({fault});
    }
}

const Fault* FaultList::take(std::string_view method, std::string_view path) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) {
        const Fault& fault = entry.fault;
        if (!matches_request(fault, method, path) ||
            (fault.times && entry.applied >= *fault.times)) {
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
