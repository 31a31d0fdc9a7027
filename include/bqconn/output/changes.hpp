// What diff and apply print: what would change, and what became of each change.
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

// Lists the objects of each sandbox, each with a mark (+ ~ - ±) and its differences, then a
// summary.
std::string text_of(const std::vector<manifest::Change>& changes, const Style& style);

// {"changes":[…],"summary":{…}}. Keys may be added but never removed.
json::OrderedJson to_json(const std::vector<manifest::Change>& changes);

// What became of a change.
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
