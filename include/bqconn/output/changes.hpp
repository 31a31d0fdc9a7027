// What diff and apply print: what would change, and the outcome of each change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/manifest/diff.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

// Lists the objects of each sandbox, each with a sign (+ ~ - ±) and its differences, then a
// summary.
std::string text_of(const std::vector<manifest::Change>& changes, const Style& style);

// {"changes":[…],"summary":{…},"notCompared":[…]}. Keys may be added but never removed.
json::OrderedJson to_json(const std::vector<manifest::Change>& changes);

struct Applied {
    const manifest::Change* change = nullptr;
    std::string id = {};
    std::optional<flow::Outcome> outcome = {};
    std::optional<Error> error = {};
    std::string not_done = {};  // why it was not attempted

    bool is_unknown() const { return error && error->exit_code() == ExitCode::unknown; }
};

std::string text_of(const std::vector<Applied>& results);
json::OrderedJson to_json(const std::vector<Applied>& results);

}  // namespace bqconn::output
