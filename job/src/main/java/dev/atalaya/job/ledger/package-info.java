/** The account of every record: received = counted + late + skewed + rejected + duplicate. */
package dev.atalaya.job.ledger;
