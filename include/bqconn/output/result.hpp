// What verbs print: connections, tables and sandboxes as JSON, text and CSV, and the result of a
// change.
#pragma once

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

// Includes the trailing newline.
std::string render(const ConnectionResult& result, Format format);

// `list` and `get` have the same keys. Keys may be added but never removed.
json::OrderedJson to_json(const flow::Connection& connection);
json::OrderedJson to_json(const flow::Sandbox& sandbox);
json::OrderedJson to_json(const flow::Table& table);
json::OrderedJson to_json(const flow::TableContent& content);

std::string text_of(const std::vector<flow::Connection>& connections, const Style& style);
std::string text_of(const flow::Connection& connection, const std::string& sandbox_name);
std::string text_of(const std::vector<flow::Sandbox>& sandboxes, const Style& style);
std::string text_of(const std::vector<flow::Table>& tables, const Style& style);

// The columns of a table; with `preview`, its rows.
std::string text_of(const flow::TableContent& content, bool preview, const Style& style);

std::string csv_of(const std::vector<flow::Table>& tables);
std::string csv_of(const flow::TableContent& content, bool preview);

}  // namespace bqconn::output
