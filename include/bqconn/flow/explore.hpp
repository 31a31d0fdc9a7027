// Explores a connection's source: its tables, and the columns and sample rows of one table.
#pragma once

#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

struct Table {
    std::string name;  // "dataset.table"
    std::string path;  // identifies the table in read_table()
    std::string type;  // "table", "folder", …: an open set of words
    bool can_preview = false;
    bool can_fetch_schema = false;
};

struct Column {
    std::string name;
    std::string type;         // "string", "integer", …; empty if unknown
    json::Json as_sent = {};  // by the service: what a source connection takes
};

struct TableContent {
    std::vector<Column> columns;
    std::vector<json::OrderedJson> rows;  // objects; empty without a preview
};

// GET …/explore?objectType=root. Throws Error.
std::vector<Table> read_tables(FlowService& service, const std::string& id);

// GET …/explore?objectType=table. `preview` requests rows, which are customer data.
TableContent read_table(FlowService& service, const std::string& id, const std::string& path,
                        bool preview);

}  // namespace bqconn::flow
