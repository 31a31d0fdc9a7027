// Reads datasets of Experience Platform. Source: Catalog Service API.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bqconn/flow/service.hpp"

namespace bqconn::lake {

struct Dataset {
    std::string id;
    std::string name;
    std::string schema_id;  // its $id

    bool operator==(const Dataset&) const = default;
};

// The datasets of the sandbox in the service's order; if a name is given, only those with exactly
// that name. Throws Error: the service's refusal, or `bad_response`.
std::vector<Dataset> find_datasets(flow::FlowService& service,
                                   const std::optional<std::string>& name = {},
                                   flow::Pages pages = flow::Pages::all);

// None if the sandbox has no dataset with that id. Throws Error.
std::optional<Dataset> read_dataset(flow::FlowService& service, const std::string& id);

// Whether `text` could be the id of a dataset: 24 hexadecimal digits.
bool is_dataset_id(std::string_view text);

}  // namespace bqconn::lake
