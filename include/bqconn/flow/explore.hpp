// What a connection shows of its source: the tables, and of one table the columns and sample rows.
#pragma once

#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

struct Table {
    std::string name;  // "dataset.table"
    std::string path;  // what is asked for to see more of it
    std::string type;  // "table", "folder", …: an open set of words
    bool can_preview = false;
    bool can_fetch_schema = false;
};

struct Column {
    std::string name;
    std::string type;  // "string", "integer", …; empty if the service gave none
};

struct TableContent {
    std::vector<Column> columns;
    std::vector<json::OrderedJson> rows;  // objects; empty unless a preview was asked for
};

// GET …/explore?objectType=root. Throws Error.
std::vector<Table> read_tables(FlowService& service, const std::string& id);

// GET …/explore?objectType=table. `preview` asks for rows, which are the customer's own data.
TableContent read_table(FlowService& service, const std::string& id, const std::string& path,
                        bool preview);

}  // namespace bqconn::flow
