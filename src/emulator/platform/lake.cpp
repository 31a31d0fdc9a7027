#include "emulator/platform/lake.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <ranges>
#include <set>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/options.hpp"

namespace bqconn::emulator {
namespace {

// 26 upper-case letters and digits, like a ULID.
std::string new_batch_id() {
    std::string id = "01" + crypto::random_hex(12);
    std::ranges::transform(id, id.begin(), [](unsigned char c) { return std::toupper(c); });
    return id;
}

// What Catalog shows of the errors: one entry for each code, or, without error diagnostics, one.
Json batch_errors(const Batch& batch) {
    std::map<std::string, Json> entries;
    const auto count = [&](const std::string& code, const Json& description, std::size_t records) {
        Json& entry = entries[code];
        entry.emplace("code", code);
        entry.emplace("description", description);
        entry["recordCount"] = entry.value("recordCount", std::size_t{0}) + records;
    };
    for (const Json& row : batch.rejected) {
        std::set<std::string> counted;
        for (const Json& error : json::array_at(row, "_errors")) {
            if (counted.insert(error.at("code")).second) {
                count(error.at("code"), error.at("message"), 1);
            }
        }
    }
    if (batch.nullified > 0) {
        count("MAPPER-3700-400", "Mapper Transform Error", batch.nullified);
    }
    if (!batch.diagnostics && !entries.empty()) {
        return {{{"code", "INGEST-1211-400"}, {"description", "Encountered errors in the data."}}};
    }
    Json errors = Json::array();
    for (auto& [code, entry] : entries) {
        errors.push_back(std::move(entry));
    }
    return errors;
}

}  // namespace

ResourcePointer add_document(Store& store, const Sandbox& sandbox, Kind kind, const std::string& id,
                             Json body, Json more) {
    more.update({{"id", id}, {"body", std::move(body)}});
    return store.add(kind, sandbox, std::move(more));
}

std::optional<Dataset> find_dataset(const Store& store, const Sandbox& sandbox,
                                    const std::string& id) {
    const auto found = store.find(Kind::data_set, sandbox, id);
    if (!found) {
        return std::nullopt;
    }
    const Json& body = found->at("body");
    return Dataset{id, body.at("name"), json::string_at(json::member(body, "schemaRef"), "id")};
}

Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id) {
    const auto found = store.find(Kind::schema, sandbox, alt_id(id));
    return found ? full_form(found->at("body"), xdm_of_sandbox(store, sandbox)) : Json();
}

Json find_mapping_set(const Store& store, const Sandbox& sandbox, const std::string& id,
                      std::optional<std::size_t> version) {
    const auto found = store.find(Kind::mapping_set, sandbox, id);
    if (!found) {
        return {};
    }
    const Json& versions = found->at("versions");
    const std::size_t wanted = version.value_or(versions.size() - 1);
    return wanted < versions.size() ? versions.at(wanted) : Json();
}

std::string mapped_schema_id(const Json& mapping_set) {
    const Json& output = json::member(mapping_set, "outputSchema");
    return json::string_at(json::member(output, "schemaRef"), "id",
                           json::string_at(mapping_set, "xdmSchema"));
}

std::string add_batch(Store& store, const Sandbox& sandbox, const Batch& batch) {
    const std::string id = new_batch_id();
    const std::size_t accepted = batch.documents.size();
    const std::size_t failed = batch.rejected.size();
    Json tags = {{"acp_enableErrorDiagnostics", batch.diagnostics}};
    if (!batch.flow_id.empty()) {
        tags["flowId"] = Json::array({batch.flow_id});
    }
    add_document(store, sandbox, Kind::batch, id,
                 {{"status", batch.success ? "success" : "failed"},
                  {"relatedObjects", {{{"type", "dataSet"}, {"id", batch.dataset_id}}}},
                  {"created", batch.started},
                  {"updated", batch.completed},
                  {"metrics",
                   {{"inputRecordCount", accepted + failed},
                    {"outputRecordCount", batch.success ? accepted : 0},
                    {"failedRecordCount", failed}}},
                  {"errors", batch_errors(batch)},
                  {"tags", tags},
                  {"sandboxId", sandbox.id},
                  {"version", "1.0.1"}},
                 {{"documents", batch.success ? batch.documents : Json::array()},
                  {"rejected", batch.diagnostics ? batch.rejected : Json::array()}});
    return id;
}

void fill_lake(Store& store, const Options& options) {
    for (const Sandbox& sandbox : store.sandboxes()) {
        Json references;  // by the title of the schema
        for (Json body : options.lake.schemas) {
            const std::string id = body.at("id");
            body.erase("id");
            const auto added = add_xdm(store, sandbox, options, Kind::schema, id, body);
            references[body.at("title").get<std::string>()] = {
                {"id", added->at("body").at("$id")},
                {"contentType", "application/vnd.adobe.xed+json;version=1"}};
        }
        for (const Json& dataset : options.lake.datasets) {
            const Json& reference = references.at(dataset.at("schema").get<std::string>());
            add_dataset(store, sandbox, options, dataset.at("id"),
                        {{"name", dataset.at("name")}, {"schemaRef", reference}});
        }
    }
}

ResourceList all_documents(Store& store, const Sandbox& sandbox, Kind kind) {
    return store.page(kind, sandbox, {}, 0, std::string::npos).resources;
}

FindXdm xdm_of_sandbox(const Store& store, const Sandbox& sandbox) {
    return [&](const std::string& id) {
        const auto group = store.find(Kind::field_group, sandbox, alt_id(id));
        return group ? group->at("body") : find_standard_xdm(id);
    };
}

PropertyFilter property_filter(const std::string& text) {
    const auto at = std::min(text.find_first_of("=!<>~"), text.size());
    const auto end = std::min(text.find_first_not_of("=!<>~", at), text.size());
    const std::string word = text.substr(at, end - at);
    if (word != "==" && word != "!=" && word != "=") {
        throw bad_request("The query parameter property must be NAME==VALUE or NAME!=VALUE");
    }
    return {text.substr(0, at), text.substr(end), word == "!="};
}

bool holds(const PropertyFilter& filter, const Json& document,
           bool (*equals)(std::string_view value, std::string_view text)) {
    const Json& property = json::member(document, filter.name);
    const auto is_equal = [&](const Json& value) {
        return equals(filter.value, value.is_string() ? value.get<std::string>() : dump(value));
    };
    const bool found = property.is_array() ? std::ranges::any_of(property, is_equal)
                                           : !property.is_null() && is_equal(property);
    return found != filter.negated;
}

std::optional<std::string> query_value(const Request& request, const std::string& name) {
    const auto found = std::ranges::find(request.query, name, &Pairs::value_type::first);
    return found == request.query.end() ? std::nullopt : std::optional(found->second);
}

std::size_t number_parameter(const Request& request, const std::string& name, std::size_t fallback,
                             std::size_t least, std::size_t most) {
    const auto value = query_value(request, name);
    const auto number = value ? whole_number<std::size_t>(*value) : fallback;
    if (!number || *number < least || *number > most) {
        throw bad_request("The query parameter " + name + " must be a number from " +
                          std::to_string(least) + " to " + std::to_string(most));
    }
    return *number;
}

Refused bad_request(const std::string& detail) {
    return placeholder_problem(400, "BadRequestError", detail);
}

Refused not_found(const std::string& detail) {
    return placeholder_problem(404, "NotFoundError", detail);
}

}  // namespace bqconn::emulator
