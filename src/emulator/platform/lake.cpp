#include "emulator/platform/lake.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "bqconn/crypto/encoding.hpp"
#include "emulator/platform/mapping.hpp"
#include "emulator/platform/platform.hpp"
#include "emulator/samples.hpp"

namespace bqconn::emulator {
namespace {

// 26 upper-case letters and digits, like a ULID.
std::string new_batch_id() {
    std::string id = "01" + crypto::random_hex(12);
    std::ranges::transform(id, id.begin(), [](unsigned char c) { return std::toupper(c); });
    return id;
}

// One entry per code; without error diagnostics, a single one.
Json batch_errors(const Batch& batch) {
    Json errors = Json::array();
    if (!batch.rejected.empty()) {
        const Json& first = batch.rejected.at(0).at("_errors").at(0);
        errors.push_back({{"code", first.at("code")},
                          {"description", first.at("message")},
                          {"recordCount", batch.rejected.size()}});
    }
    if (batch.nullified > 0) {
        errors.push_back({{"code", conversion_code},
                          {"description", "Mapper Transform Error"},
                          {"recordCount", batch.nullified}});
    }
    if (!batch.diagnostics && !errors.empty()) {
        return {{{"code", "INGEST-1211-400"}, {"description", "Encountered errors in the data."}}};
    }
    return errors;
}

}  // namespace

ResourcePointer add_document(Store& store, const Sandbox& sandbox, Kind kind, const std::string& id,
                             Json body, Json more) {
    more.update({{"id", id}, {"body", std::move(body)}});
    return store.add(kind, sandbox, std::move(more));
}

Json find_full_schema(const Store& store, const Sandbox& sandbox, const std::string& id) {
    const auto found = store.find(Kind::schema, sandbox, alt_id(id));
    return found ? full_form(found->at("body"), store, sandbox) : Json();
}

std::string mapped_schema_id(const Json& mapping_set) {
    const Json& output = json::member(mapping_set, "outputSchema");
    return json::string_at(json::member(output, "schemaRef"), "id");
}

ResourcePointer add_batch(Store& store, const Sandbox& sandbox, const Batch& batch) {
    const std::size_t accepted = batch.documents.size();
    const std::size_t failed = batch.rejected.size();
    Json tags = {{"acp_enableErrorDiagnostics", batch.diagnostics}};
    if (!batch.flow_id.empty()) {
        tags["flowId"] = Json::array({batch.flow_id});
    }
    return add_document(store, sandbox, Kind::batch, new_batch_id(),
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
                        {{"dataSet", batch.dataset_id},
                         {"documents", batch.success ? batch.documents : Json::array()},
                         {"rejected", batch.diagnostics ? batch.rejected : Json::array()}});
}

void fill_lake(Store& store, const Options& options) {
    static const Json lake = json::parse(lake_sample);
    for (const Sandbox& sandbox : store.sandboxes()) {
        Json references;  // by the title of the schema
        for (Json body : lake.at("schemas")) {
            const std::string id = body.at("id");
            body.erase("id");
            const auto added = add_xdm(store, sandbox, options, Kind::schema, id, body);
            references[body.at("title").get<std::string>()] = {
                {"id", added->at("body").at("$id")},
                {"contentType", "application/vnd.adobe.xed+json;version=1"}};
        }
        for (const Json& dataset : lake.at("datasets")) {
            const Json& reference = references.at(dataset.at("schema").get<std::string>());
            add_dataset(store, sandbox, options, dataset.at("id"),
                        {{"name", dataset.at("name")}, {"schemaRef", reference}});
        }
    }
}

ResourceList all_documents(Store& store, const Sandbox& sandbox, Kind kind) {
    return store.page(kind, sandbox, {}, 0, std::string::npos).resources;
}

bool has_value(const Json& document, const std::string& name, std::string value) {
    for (auto at = value.find('*'); at != std::string::npos; at = value.find('*', at + 1)) {
        if (!value.substr(at).starts_with("**")) {
            throw bad_request("The emulator does not support the wildcard *; ** is a literal *");
        }
        value.erase(at, 1);
    }
    const Json& property = json::member(document, name);
    const auto is_value = [&](const Json& one) {
        return value == (one.is_string() ? one.get<std::string>() : dump(one));
    };
    return property.is_array() ? std::ranges::any_of(property, is_value)
                               : !property.is_null() && is_value(property);
}

bool holds_properties(const Request& request, const Json& document) {
    return std::ranges::all_of(request.query, [&](const auto& parameter) {
        const std::string& filter = parameter.second;
        if (parameter.first != "property") {
            return true;
        }
        const auto at = std::min(filter.find_first_of("=!<>~"), filter.size());
        const auto end = std::min(filter.find_first_not_of("=!<>~", at), filter.size());
        const std::string word = filter.substr(at, end - at);
        if (word != "==" && word != "!=" && word != "=") {
            throw bad_request("The query parameter property must be NAME==VALUE or NAME!=VALUE");
        }
        return has_value(document, filter.substr(0, at), filter.substr(end)) == (word != "!=");
    });
}

}  // namespace bqconn::emulator
