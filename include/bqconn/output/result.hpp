// What verbs print: connections, tables and sandboxes as JSON, text and CSV, and the result of a
// change.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/explore.hpp"
#include "bqconn/flow/outcome.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "bqconn/json/parse.hpp"
#include "bqconn/output/format.hpp"
#include "bqconn/output/table.hpp"

namespace bqconn::output {

// A connection that was created or updated.
struct ConnectionResult {
    std::string id;
    std::string etag;  // with its quotes, as the service sent it
    std::string name;
    std::string sandbox_name;
    flow::Outcome outcome = flow::Outcome::created;
};

// Includes the trailing newline. As Format::env, the etag is quoted for a shell if `for_shell`.
std::string render(const ConnectionResult& result, Format format, bool for_shell = true);

// `list` and `get` have the same keys. Keys may be added but never removed.
json::OrderedJson to_json(const flow::Connection& connection);
std::string text_of(const flow::Connection& connection, const std::string& sandbox_name);

// A list of flow::Connection, flow::Sandbox or flow::Table. As Format::id it has a line with the
// first column of each. Column `kept` is never dropped.
template <typename Item>
std::string render(const std::vector<Item>& items, Format format, const Style& style,
                   std::size_t kept = 0);

// The columns that a list of connections can be sorted by.
inline constexpr std::size_t name_column = 1;
inline constexpr std::size_t created_column = 4;
inline constexpr std::size_t updated_column = 5;

// The columns of a table; with `preview`, its rows. As Format::id it has the names of the columns.
std::string render(const flow::TableContent& content, bool preview, Format format,
                   const Style& style);

}  // namespace bqconn::output
