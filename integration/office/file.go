package office

import (
	"context"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// File gives the name and the content of what was sent for a delivery, where its
// target takes files. It is made from the entry that is stored with the delivery
// and the evidence of its last sending; a delivery that never left has none.
func (f *Office) File(ctx context.Context, deliveryID int64) (name string, content []byte, err error) {
	if err := f.mayDelivery(ctx, model.ActRead, deliveryID); err != nil {
		return "", nil, err
	}
	d, err := f.o.Store.Delivery(ctx, deliveryID)
	if err != nil {
		return "", nil, fmt.Errorf("delivery %d: %w", deliveryID, err)
	}
	t, err := f.o.Targets.Find(d.Target)
	if err != nil {
		return "", nil, err
	}
	files, ok := t.(target.Downloader)
	if !ok || !t.Describe().Download {
		return "", nil, model.NewProblem("delivery.no_file", "target", t.Describe().Name)
	}
	if d.Sends == 0 {
		return "", nil, model.NewProblem("delivery.no_file_yet", "target", t.Describe().Name)
	}
	entry, err := f.o.Store.Entry(ctx, deliveryID)
	if err != nil {
		return "", nil, fmt.Errorf("entry of delivery %d: %w", deliveryID, err)
	}
	return files.File(target.Delivery{Entry: entry, Evidence: d.Evidence, SentAt: d.SentAt})
}
