// A report of checks and their verdicts, as text or JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

enum class Verdict { good, warning, failed, skipped };

struct Checked {
    std::string name;  // "google.token"; scripts rely on it
    Verdict verdict = Verdict::good;
    std::string message;              // one or more lines; made inert when shown
    std::string hint = {};            // what to do; may be empty
    std::optional<Error> error = {};  // set if the check failed
};

Checked good(std::string name, std::string message);
Checked warning(std::string name, std::string message, std::string hint);
Checked failed(std::string name, const Error& error);
Checked skipped(std::string name, std::string message);

using Report = std::vector<Checked>;

// The failed check that decides the exit code: the one to fix first. Null if none failed.
const Checked* worst_of(const Report& report);

// "✓ message", "! message", "✗ message" or "- message", each followed by its hint.
std::string text_of(const Report& report, const Style& style);

// {"ok":…,"exitCode":…,"checks":[{"check","verdict","message"[,"hint","code","status",
// "requestId"]}]}
std::string json_of(const Report& report);

}  // namespace bqconn::output
